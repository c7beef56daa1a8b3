/** The errors of distributions and objectives, apart from those of the ops, which are often all that is bundled. */
import {
  checkArray,
  checkFloats,
  checkRows,
  checkSame,
  describe,
  type Dtype,
  type Floats,
  type Kind,
  kindOf,
  newArray,
} from './check.ts';

/** Arrays of one dtype and length in rows of n, and others of a value a row, as copies in f64: nothing detaches those. */
export function checkDoubles(
  inputs: Record<string, unknown>,
  n: number,
  perRow: Record<string, unknown> = {},
): { dtype: Dtype; rows: number; doubles: Float64Array[] } {
  const [[like, first], ...others] = Object.entries(inputs) as [[string, Floats], ...[string, unknown][]];
  const x = checkFloats(like, first),
    dtype = kindOf(x) as Dtype,
    rows = checkRows(like, x.length, n);
  const arrays = [
    x,
    ...others.map(([name, value]) => checkSame(name, value, dtype, like, x.length)),
    ...Object.entries(perRow).map(([name, value]) => checkSame(name, value, dtype, 'the result', rows)),
  ];
  return { dtype, rows, doubles: arrays.map((array) => new Float64Array(array)) };
}

/** Parameters as new arrays of one dtype and length, those of the first array: a number counts for all; numbers alone are float32. */
export function checkParameters(parameters: Record<string, unknown>): Floats[] {
  const entries = Object.entries(parameters);
  const [like, first] = entries.find(([, value]) => typeof value !== 'number') ?? ['', new Float32Array(1)];
  const x = checkFloats(like, first as Floats),
    dtype = kindOf(x) as Dtype;
  return entries.map(([name, value]) =>
    typeof value === 'number'
      ? newArray(dtype, x.length).fill(value)
      : checkSame(name, value, dtype, like, x.length).slice(),
  );
}

/** Parameters that each are what they must be. */
export function checkEach(name: string, values: Floats, is: (v: number) => boolean, what: string): void {
  const bad = values.findIndex((v) => !is(v));
  if (bad >= 0) throw new RangeError(`${name} must be ${what}, got ${values[bad]} at ${bad}`);
}

/** Rows that sum to 1, within 1e-6. */
export function checkSums(name: string, values: Floats, n: number): void {
  for (let r = 0; r < values.length; r += n) {
    let sum = 0;
    for (let i = r; i < r + n; i++) sum += values[i]!;
    if (!(Math.abs(sum - 1) <= 1e-6)) throw new RangeError(`${name} must sum to 1 in each row, got ${sum}`);
  }
}

/** Values of a distribution, as many as its parameters or a multiple, as a copy in f64. */
export function checkDraws(value: unknown, kind: Kind, length: number): Float64Array {
  const array = checkArray('value', value, [kind]);
  const got = array.length;
  if (got === 0 || got % length === 0) return new Float64Array(array);
  throw new RangeError(`value has length ${got}, which is not a multiple of ${length}`);
}

/** Two distributions of one class with a closed divergence, of one n or temperature, the second as long as the first or single. */
export function checkPair(p: unknown, q: unknown): void {
  type Fields = { readonly [name: string]: unknown } | null | undefined;
  const [a, b] = [p as Fields, q as Fields];
  if (typeof a?.kl !== 'function') throw new TypeError(`p must have a closed divergence, got ${describe(p)}`);
  if (b?.constructor !== a.constructor) throw new TypeError(`q must be of the class of p, got ${describe(q)}`);
  for (const name of ['n', 'temperature']) {
    if (a[name] !== b[name]) throw new RangeError(`q must have the ${name} of p, ${String(a[name])}`);
  }
  const [own, other] = [a, b].map(({ loc, logits }) => (loc ?? logits) as Floats) as [Floats, Floats];
  checkSame('q', other, kindOf(own), 'p', other.length === (a.n ?? 1) ? other.length : own.length);
}
