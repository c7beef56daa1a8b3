import { checkTemperature } from './check.ts';
import type { Dtype, Kind } from './kind.ts';
import type { Doubles, Extension, Kernels } from './kernels.ts';
import type { Said } from './options.ts';

/** Values per row: n, k (such as the number of draws) or one. */
export type Width = 'n' | 'k' | 1;

/** An input or a result; of the dtype of the first input if no kind is said. */
export interface Shape {
  readonly width: Width;
  readonly kind?: Kind | undefined;
}

export interface OutputShape extends Shape {
  /** The option that gives the array, where that is not `out`: the result is made only where one is given. */
  readonly name?: string | undefined;
  /** Its name in the record of results, where an op gives such. */
  readonly as?: string | undefined;
  /** What a row without an element gives, where that is one value or k: -1 for an index and else 0, if not said. */
  readonly empty?: number | undefined;
}

export interface InputShape extends Shape {
  readonly name: string;
  /** What another op takes in its place: the error says so. */
  readonly also?: Kind | undefined;
}

/** Where a call takes its keys from (src/random/rng.ts). */
export interface Keys {
  /** The source as it is now, for `take`: whatever becomes of it later, the call does not ask. Throws for what is no source. */
  read(source: unknown): unknown;
  /** The key to draw with, low and high, until the next is taken. Asked for when nothing can fail any more. */
  take(given: unknown): Int32Array;
  /** The words of the key read or taken last, low and high. */
  readonly words: Int32Array;
  /** Of a key `words`; of an Rng itself, for `next`; nothing where there is more than one key, or where code of the caller's runs. */
  one(source: unknown): unknown;
  /** Takes the next key of an Rng that `one` gave. */
  next(rng: unknown): void;
  /** Whether `take` runs code of the caller's. */
  foreign(given: unknown): boolean;
  /** The keys of rows, for what is no source of one key. */
  rows(given: unknown): RowKeys | undefined;
}

/** A key per row: `words` of them, low and high in turns, or foldIn of a key and of a number per row. */
export interface RowKeys {
  readonly words: Uint32Array | undefined;
  readonly low: number;
  readonly high: number;
  /** The numbers; those of the rows in the batch if there are none. */
  readonly ids: Int32Array | undefined;
  /** How many there are, if it is known, and of which argument. */
  readonly count: number | undefined;
  readonly name: 'source' | 'ids';
}

/** Addresses of inputs and behind them of results; undefined for a result that is not asked for. */
export type Addresses = readonly [number, number, number, number, number, number];

/** What an op is to the engine. */
export interface Op {
  readonly inputs: readonly InputShape[];
  readonly outputs: readonly OutputShape[];
  /** Both. */
  readonly operands: readonly Shape[];
  /** How many results there are, whatever the options. */
  readonly results: number;
  /** The names of its options, and whether `temperature` and `out` are among them. */
  readonly options: readonly string[];
  readonly tempered: boolean;
  readonly takesOut: boolean;
  readonly check: (temperature: unknown, dtype: Dtype, name?: string) => number;
  /** Whether its kernels exist in f64 alone: f32 inputs are converted for them, and results rounded to f32. */
  readonly f64: boolean;
  /** Where it draws. */
  readonly keys: Keys | undefined;
  /** Where its kernels are, if not in the tables of the backend. */
  readonly extension: Extension | undefined;
  /** Whether its draws are numbered by rows: `first` is the index of the first row then. */
  readonly byRow: boolean;
  /**
   * Bytes of scratch for so many rows of n, more for more rows or longer ones. `bytes`: of a value as it is computed. n rows of
   * one element ask for as much per row as one of n at least: so ragged rows have their bound.
   */
  readonly scratch: (n: number, rows: number, bytes: number, k: number) => number;
  readonly kernel: Kernel<Doubles>;
  /** The same of one input and one result, without an array. */
  readonly row: RowKernel<Doubles> | undefined;
  /** Of the first result. */
  readonly width: Width;
  readonly kind: Kind | undefined;
  /** Its number for `each_row`, where that knows it; -1 if not. */
  readonly each: number;
  /** What options beside `temperature`, `out`, `stride` and `dtype` make of the op, where it has such. */
  readonly settle: Settle | undefined;
}

/** The op that options ask for, and the number k of a call: what the call had, if not said. */
export type Settle = (said: Said) => { readonly op?: Op; readonly k?: number };

/** What kernels take beside addresses, those that most take first; `first` is the flat index of the first element. */
type Arguments = [
  rows: number,
  n: number,
  temperature: number,
  scratch: number,
  k: number,
  first: number,
  k0: number,
  k1: number,
  words: number,
];
export type Kernel<K> = (kernels: K, operands: Addresses, ...rest: Arguments) => void;
export type RowKernel<K> = (kernels: K, src: number, dst: number, ...rest: Arguments) => void;

export const OPTIONS: readonly string[] = ['temperature', 'out', 'stride', 'dtype'];
export const OUT_ONLY: readonly string[] = ['out', 'stride', 'dtype'];
/** Those of ops on elements. */
export const ELEMENT_OPTIONS: readonly string[] = ['temperature', 'out', 'dtype'];

/** The kernels that an op may call: those of either dtype, or all of f64. */
export type KernelsOf<F extends boolean> = F extends true ? Doubles : Kernels;
type Common<F extends boolean> = Partial<
  Pick<Op, 'options' | 'check' | 'keys' | 'scratch' | 'extension' | 'byRow' | 'settle'>
> & { readonly f64?: F; readonly each?: number | undefined };

const shapes: Shape[] = [];

/** A width and a kind as an object of one class, which engines read fast, and one for all ops: 30 KB less to make on import. */
function shapeOf({ width, kind }: Shape): Shape {
  let i = 0;
  while (i < shapes.length && (shapes[i]!.width !== width || shapes[i]!.kind !== kind)) i++;
  return (shapes[i] ??= { width, kind });
}

const none = (): number => 0;
const isResult = ({ name }: OutputShape): boolean => name === undefined;

/** An op of several operands. Its kernels are those that `f64` says. */
export function makeOp<F extends boolean = false>(
  spec: Common<F> &
    Pick<Op, 'inputs' | 'outputs'> & {
      readonly kernel: Kernel<KernelsOf<F>>;
      readonly row?: RowKernel<KernelsOf<F>> | undefined;
    },
): Op {
  const { inputs, outputs, options = OPTIONS, check = checkTemperature, f64 = false, keys, extension } = spec,
    { byRow = false, scratch = none, each = -1, settle, kernel, row } = spec,
    { width, kind } = outputs[0]!;
  // all fields in one order: engines then read them as those of one class (measured: calls on short rows 1.3 times faster)
  return {
    inputs,
    outputs,
    operands: (inputs as readonly Shape[]).concat(outputs).map(shapeOf),
    results: outputs.filter(isResult).length,
    options,
    check,
    f64,
    keys,
    extension,
    byRow,
    scratch,
    width,
    kind,
    tempered: options.includes('temperature'),
    takesOut: options.includes('out'),
    each,
    row: row as Op['row'],
    settle,
    kernel: kernel as Op['kernel'],
  };
}

/** An op of one input and one result, of rows of n unless `width` says otherwise. */
export function makeRowOp<F extends boolean = false>(
  name: string,
  spec: Common<F> & Partial<Pick<OutputShape, 'width' | 'kind' | 'empty'>> & { readonly row: RowKernel<KernelsOf<F>> },
): Op {
  const { width = 'n', kind, empty, row } = spec;
  return makeOp<F>({
    ...spec,
    inputs: [{ name, width: 'n' }],
    outputs: [{ width, kind, empty }],
    kernel: (kernels, [src, dst], ...rest) => row(kernels, src, dst, ...rest),
  });
}

/** The values per row of a width. */
export function valuesOf(width: Width, n: number, k: number): number {
  return width === 'n' ? n : width === 'k' ? k : 1;
}
