import { arena } from './backend.ts';
import {
  type ArrayOf,
  checkFloats,
  checkOptions,
  checkOut,
  checkRows,
  checkSame,
  checkTemperature,
  type Dtype,
  type Floats,
  kindOf,
  newArray,
} from './check.ts';
import type { Values } from './resident.ts';

/** The options that most ops have. */
export interface RowOptions<A extends Floats | Int32Array> {
  readonly temperature?: number;
  readonly out?: Values<A>;
}

/** What most ops on rows of n begin with, checked: the part of a call that is not their kernel. */
export interface Rows {
  readonly dtype: Dtype;
  readonly rows: number;
  readonly n: number;
  readonly inputs: Floats[];
  readonly temperature: number;
  readonly outputs: {
    readonly kind: Dtype | 'i32';
    readonly width: number;
    readonly out: ArrayOf<Dtype | 'i32'> | undefined;
  }[];
}

/** An op on rows of n: its inputs by name and what it gives. */
export interface Shape {
  /** Values of a row of the result: n if not given. */
  readonly width?: number;
  /** i32 for indices; the dtype of the input if not given. */
  readonly kind?: 'i32';
  /** The check of the temperature; checkTemperature if not given. */
  readonly temperature?: (value: unknown, dtype: Dtype) => number;
  /** The options that it knows; temperature and out if not given. */
  readonly known?: readonly string[] | undefined;
}

const KNOWN = ['temperature', 'out'];
const PLAIN: Shape = {};

/** An input by its name; `perRow`: of one value for each row. */
export type Input = readonly [name: string, values: Values<Floats>, perRow?: 'per row'];

/** Checks the inputs of an op, the first of which has rows of n and gives the others their kind and length, and its options. */
export function openRows(
  inputs: readonly [Input, ...Input[]],
  n: number,
  options: RowOptions<Floats | Int32Array> | undefined,
  { width = n, kind, temperature = checkTemperature, known = KNOWN }: Shape = PLAIN,
): Rows {
  const [name, values] = inputs[0];
  const x = checkFloats(name, values),
    dtype = kindOf(x) as Dtype;
  const rows = checkRows(name, x, n);
  const arrays: Floats[] = [x];
  for (let i = 1; i < inputs.length; i++) {
    const [other, same, perRow] = inputs[i]!;
    arrays.push(checkSame(other, same, dtype, perRow ? 'the result' : name, perRow ? rows : x.length));
  }
  checkOptions(options, known);
  const t = temperature(options?.temperature, dtype);
  const out = checkOut(options?.out, kind ?? dtype, rows * width, arrays);
  return { dtype, rows, n, inputs: arrays, temperature: t, outputs: [{ kind: kind ?? dtype, width, out }] };
}

/**
 * f of two inputs, element by element, rounded once: what is too little for a kernel, and exact in plain JavaScript. f
 * adds, multiplies and divides.
 */
export function zip<A extends Floats>(
  x: Input,
  y: Input,
  options: RowOptions<A> | undefined,
  f: (x: number, y: number, temperature: number) => number,
): A {
  const call = openRows([x, y], 1, options),
    { inputs, outputs, temperature } = call;
  arena().intercept?.(call);
  const [a, b] = inputs as [A, A];
  const out = (outputs[0]!.out as A | undefined) ?? newArray(outputs[0]!.kind, a.length);
  for (let i = 0; i < a.length; i++) out[i] = f(a[i]!, b[i]!, temperature);
  return out as A;
}
