import { kindOfValue } from '../engine/operand.ts';
import { checkLength } from '../engine/check_tokens.ts';
import type { Given, Opened, Result } from '../engine/functions.ts';
import { checkHalves, widened } from '../engine/half.ts';
import {
  type AnyArray,
  bufferOf,
  copyOf,
  type Dtype,
  F32,
  lengthOf,
  offsetOf,
  setInto,
  viewOf,
} from '../engine/kind.ts';
import { arrayOf } from '../engine/layout.ts';
import { readOptions, type Said } from '../engine/options.ts';
import type { Floats, Values } from '../ops.ts';
import { shapeOf } from './truncate.ts';

/** The options of what changes logits. */
export interface EditOptions<A extends Floats> {
  /** The array for the result, which may be the logits. */
  readonly out?: Values<A> | undefined;
  /** Of logits that are a Uint16Array: what it holds. */
  readonly dtype?: 'float16' | undefined;
}

/** Changes some rows of logits. */
export type Change = (logits: Floats, from: number, to: number) => void;

/**
 * A call that changes logits at some places: in `out`, which may be the logits, or in a copy. Its making checks the
 * arguments. It is its own result.
 */
export class Edit implements Opened, Result {
  readonly name = 'out';
  readonly op: Opened['op'];
  readonly said: Said;
  readonly kind: Dtype;
  readonly rows: number;
  readonly length: number;
  readonly layout = this;
  readonly inputs: Given[] = [];
  readonly outputs = [this];
  private readonly change: Change;
  /** The logits, of halves as float32. */
  private readonly wide: unknown;

  constructor(
    private readonly value: unknown,
    private readonly n: number,
    options: object | undefined,
    known: readonly string[],
    /** Checks what else there is. */
    private readonly changeOf: (edit: Edit) => Change,
  ) {
    const said: Said = readOptions(options, known),
      { dtype, rows } = shapeOf(value, n, said.dtype);
    checkHalves(said.dtype, 'logits', [value]);
    this.wide = widened('logits', value, said.dtype);
    this.op = { options: known, outputs: [{ width: 'n' }], keys: undefined };
    this.said = said;
    this.kind = dtype;
    this.rows = rows;
    this.length = rows * n;
    this.inputs.push({ values: this.logits });
    if (said.out !== undefined) {
      kindOfValue('out', said.out, [dtype]);
      checkLength('out', said.out, this.length);
    }
    this.change = changeOf(this);
  }

  /** The logits, as they are now. */
  private get logits(): Floats {
    return arrayOf(this.wide) as Floats;
  }

  /** `out`, as it is now. */
  get values(): Floats | undefined {
    return arrayOf(this.said.out) as Floats | undefined;
  }

  /** What stands beside the logits: halves are float32 beside float32. */
  beside(name: string, value: unknown): unknown {
    return this.kind === F32 ? widened(name, value, this.said.dtype) : value;
  }

  /** Another array, apart from what will be written. */
  apart<A extends AnyArray>(array: A): A {
    const { values } = this;
    this.inputs.push({ values: array });
    return values !== undefined && bufferOf(values) === bufferOf(array) ? copyOf(array) : array;
  }

  /** The logits as they are to be. */
  run<A extends Floats>(): A {
    const { logits, values, rows } = this,
      result = values ?? copyOf(logits);
    if (values !== undefined && values !== logits) setInto(values, logits, 0);
    this.change(viewOf(result, 0, lengthOf(result)), 0, rows);
    return result as A;
  }

  again(): Edit {
    return new Edit(this.value, this.n, this.said, this.op.options, this.changeOf);
  }

  into(): this {
    return this;
  }

  reserve(): void {}

  part(from: number, to: number): void {
    const { logits, n } = this,
      values = this.values!,
      [start, length] = [from * n, (to - from) * n];
    setInto(viewOf(values, start, length), viewOf(logits, start, length), 0);
    this.change(viewOf(values, 0, lengthOf(values)), from, to);
  }

  /** Whether rows of the result lie where an input does, but for logits in place. */
  clashes(input: Given): boolean {
    const { logits } = this,
      [from, to] = [input.values!, this.values!];
    return bufferOf(from) === bufferOf(to) && (from !== logits || offsetOf(from) !== offsetOf(to));
  }
}
