import { kindOfValue } from '../engine/operand.ts';
import { checkArrayOf, checkLength } from '../engine/check_tokens.ts';
import { bufferOf, copyOf, type Dtype, lengthOf, setInto, viewOf } from '../engine/kind.ts';
import type { Floats, Values } from '../ops.ts';
import { shapeOf } from './truncate.ts';

/** Logits that are changed at some places: in `out`, which may be the logits, or in a copy. Its making checks the arguments. */
export class Edit {
  readonly dtype: Dtype;
  readonly rows: number;
  private readonly logits: Floats;
  private readonly out: Floats | undefined;

  constructor(logits: unknown, n: number, out: unknown) {
    const { dtype, rows } = shapeOf(logits, n);
    this.dtype = dtype;
    this.rows = rows;
    this.logits = checkArrayOf('logits', logits, [dtype]);
    if (out === undefined) return;
    kindOfValue('out', out, [dtype]);
    checkLength('out', out, rows * n);
    this.out = checkArrayOf('out', out, [dtype]);
  }

  /** Another array, apart from what will be written. */
  apart<A extends Int32Array | Uint32Array | Floats>(array: A): A {
    return this.out !== undefined && bufferOf(this.out) === bufferOf(array) ? copyOf(array) : array;
  }

  /** What `change` makes of the logits, as a plain array. */
  run<A extends Floats>(change: (logits: Floats) => void): A {
    const { logits, out } = this,
      result = out ?? copyOf(logits);
    if (out !== undefined && out !== logits) setInto(out, logits, 0);
    change(viewOf(result, 0, lengthOf(result)));
    return result as A;
  }
}

/** The options of what changes logits. */
export interface EditOptions<A extends Floats> {
  /** The array for the result, which may be the logits. */
  readonly out?: Values<A> | undefined;
}
