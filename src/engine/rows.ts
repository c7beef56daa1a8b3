import { arena } from './backend.ts';
import type { Call } from './call.ts';
import { checkOptions, checkTemperature, type Dtype, type Floats } from './check.ts';
import type { Kernels } from './kernels.ts';
import type { Values } from './resident.ts';

/** The options that most ops have. */
export interface RowOptions {
  readonly temperature?: number;
  readonly out?: Values<Floats | Int32Array>;
}

const KNOWN = ['temperature', 'out'];

/**
 * Begins an op on rows of n of its first input, which gives the others their dtype and number of rows. `known`: the names
 * of its options.
 */
export function openRows(
  name: string,
  values: Values<Floats>,
  n: number,
  options: RowOptions | undefined,
  known: readonly string[] = KNOWN,
  check: (temperature: unknown, dtype: Dtype) => number = checkTemperature,
): Call<Kernels> {
  checkOptions(options, known);
  // read before the call is begun: a getter of theirs may call another op
  const temperature = options?.temperature,
    out = options?.out;
  const call = arena().call<Kernels>().open(name, values, n, out);
  call.temperature = check(temperature, call.dtype);
  return call;
}

/** Begins an op that has no input: so many values. */
export function openFill(dtype: Dtype, length: number, out: unknown): Call<Kernels> {
  return arena().call<Kernels>().begin(dtype, length, 1, out);
}
