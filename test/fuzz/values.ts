/** Values that a case is made of: ordinary ones at every scale, and those that formulas trip over. */
import type { Data } from './ops.ts';

export type Floats = Float32Array | Float64Array;
export type Numbers = Floats | Int32Array | Uint32Array;
export type DtypeName = 'float32' | 'float64';

/** Numbers in [0, 1) with what one draws of them. */
export class Random {
  constructor(readonly next: () => number) {}

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }

  below(count: number): number {
    return Math.floor(count * this.next());
  }

  chance(p: number): boolean {
    return this.next() < p;
  }

  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
  }
}

export function makeFloats(dtype: DtypeName, length: number): Floats {
  return dtype === 'float32' ? new Float32Array(length) : new Float64Array(length);
}

const HALF_RANGE = { float32: 3e38, float64: 1.5e308 };
const LEAST = { float32: 2 ** -149, float64: 2 ** -1074 };
/** Of the elements of a case, now and then. */
const SPECIALS = [NaN, Infinity, -Infinity, -0, 0];

/** One row of scores of a style: the same style in a whole batch. */
function scoresOf(dtype: DtypeName, random: Random): (n: number) => number[] {
  const scale = random.pick([1, 1, 1, 3, 10, 30, 1e-3, 1e-6, 1e3, 1e6]),
    offset = random.pick([0, 0, 0, 100, -300, 1e4, -1e6]);
  const ordinary = (): number => offset + scale * random.normal();
  const style = random.pick(['ordinary', 'ordinary', 'ordinary', 'gap', 'ties', 'near', 'range', 'masks', 'zeros']);
  return (n) => {
    const values = Array.from({ length: n }, ordinary);
    const gap = 20 + random.below(780),
      best = random.below(n);
    if (style === 'gap') return values.map((v, i) => (i === best ? offset + gap : offset + v / (scale + 1)));
    if (style === 'ties') return values.map((v) => Math.round(v));
    if (style === 'near')
      return values.map((_, i) => offset + 1 + random.below(3) * 2 ** -22 + (i % 5 ? 0 : LEAST[dtype]));
    if (style === 'range') return values.map(() => random.pick([-1, -1, 0, 1]) * HALF_RANGE[dtype]);
    if (style === 'masks') return values.map((v) => (random.chance(0.4) ? -Infinity : v));
    if (style === 'zeros') return values.map(() => random.pick([0, -0, LEAST[dtype], -LEAST[dtype]]));
    return values;
  };
}

/** A row of shares: of softmax at some scale, some of them 0. */
function sharesOf(random: Random): (n: number) => number[] {
  const scale = random.pick([0.1, 1, 1, 5, 30]),
    sparse = random.chance(0.3);
  return (n) => {
    const logits = Array.from({ length: n }, () => scale * random.normal()),
      max = Math.max(...logits);
    const e = logits.map((l) => (sparse && l < max && random.chance(0.5) ? 0 : Math.exp(l - max)));
    const total = e.reduce((a, b) => a + b);
    return e.map((v) => v / total);
  };
}

/** The values of an array of rows x n: each row of one style, and now and then a special value. */
export function valuesOf(
  data: Exclude<Data, 'target' | 'ranking'>,
  dtype: DtypeName,
  rows: number,
  n: number,
  random: Random,
): Floats {
  const width = data === 'gradientPerRow' ? 1 : n,
    values = makeFloats(dtype, rows * width);
  const scores = scoresOf(dtype, random),
    shares = sharesOf(random),
    scale = random.pick([1, 1, 1, 1e-3, 1e6, HALF_RANGE[dtype] / 10]);
  const rowOf = (): number[] => {
    if (data === 'scores') return scores(n);
    if (data === 'simplex') return shares(n);
    if (data === 'logSimplex') return shares(n).map((p) => Math.log(p));
    if (data === 'bits')
      return Array.from({ length: n }, () => random.pick([random.next(), random.next(), 0, 1, 1e-30]));
    if (data === 'weights') return shares(n).map((p) => random.pick([p, p, p, 0, -0, 1e30 * p]));
    return Array.from({ length: width }, () => random.pick([scale * random.normal(), scale * random.normal(), 0, -0]));
  };
  for (let r = 0; r < rows; r++) values.set(rowOf(), r * width);
  const specials = random.chance(0.15) ? 1 + random.below(3) : 0;
  for (let i = 0; i < specials && values.length > 0; i++) values[random.below(values.length)] = random.pick(SPECIALS);
  return values;
}

/** A class per row, now and then one that is none; or the points that the classes are. */
export function targetOf(dtype: DtypeName, rows: number, n: number, random: Random): Numbers {
  if (random.chance(0.4)) return valuesOf('simplex', dtype, rows, n, random);
  return Int32Array.from({ length: rows }, () => (random.chance(0.02) ? random.pick([-1, n]) : random.below(n)));
}

/** k classes per row, mostly different ones; some rankings end early, and now and then one cannot be. */
export function rankingOf(rows: number, n: number, k: number, random: Random): Int32Array {
  const values = new Int32Array(rows * k);
  for (let r = 0; r < rows; r++) {
    const [from, step] = [random.below(n), random.pick([1, n - 1])],
      end = random.chance(0.3) ? random.below(k) : k;
    for (let j = 0; j < k; j++) values[r * k + j] = j < end ? (from + step * j) % n : -1;
  }
  if (random.chance(0.1) && values.length > 0) values[random.below(values.length)] = random.pick([-2, n, 0]);
  return values;
}

/** The same bits, one NaN as good as another; says where they differ. */
export function difference(a: Numbers, b: Numbers): string | undefined {
  if (a.length !== b.length) return `length ${a.length} instead of ${b.length}`;
  if (a.BYTES_PER_ELEMENT !== b.BYTES_PER_ELEMENT) return 'another kind of array';
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return `${a[i]} at ${i}, instead of ${b[i]}`;
  return undefined;
}
