/** Calls of every kernel for the mirror test: memory before the call, arguments, and where the output lies. */

import { MAXES } from './maxes.ts';

type Dtype = 'f32' | 'f64';
type Values = Float32Array | Float64Array;

export interface Memory {
  readonly base: number;
  readonly buffer: ArrayBuffer;
}

export interface KernelCase {
  readonly label: string;
  readonly inputs: { readonly at: number; readonly values: Values | Int32Array }[];
  readonly output: { readonly at: number; readonly length: number };
  readonly kind: 'f32' | 'f64' | 'i32';
  /** The first byte behind the output: 64 bytes from there must stay. */
  readonly guard: number;
  readonly args: (base: number) => number[];
}

/** A small generator of its own: mulberry32. */
export function generator(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const REGION = 1 << 21;
const [X, Y, SCRATCH, G, WORDS, DST] = [0, 1, 2, 3, 4, 5].map((i) => i * REGION) as [
  number,
  number,
  number,
  number,
  number,
  number,
];
const EDGES = [0, -0, 1, -1, 0.5, 88.7, -86.7, 104, -708, 709.5, 1e-30, -1e-30, 1e-42, 1e30, 3e38, 2.9e-39, 16777217];
const SPECIALS = [...EDGES, NaN, Infinity, -Infinity];

/** The lengths where loops, blocks and tails meet. */
const LENGTHS = [
  ...Array.from({ length: 40 }, (_, i) => i + 1),
  63,
  64,
  65,
  127,
  255,
  256,
  257,
  271,
  300,
  511,
  512,
  513,
  1000,
  1023,
  1040,
  4099,
];
const ALPHAS = [1.001, 1.1, 1.25, 1.7, 2, 2.5, 4, 1.999, 50];
const TEMPERATURES = [1, 0.5, 0.7, 3, 1e-3, 1e-30, 1e-40, 1e30, 0, Infinity];

function values(dtype: Dtype, length: number, at: (i: number) => number): Values {
  const view = dtype === 'f32' ? new Float32Array(length) : new Float64Array(length);
  return view.map((_, i) => at(i));
}

/** Rows of scores: normal-like at several scales and offsets, ties, masks and, now and then, special values. */
function scores(dtype: Dtype, rows: number, n: number, seed: number): Values {
  const random = generator(seed);
  const scale = [1, 10, 1e-3, 1e4, 1e-5, 1e9][seed % 6]!,
    offset = [0, 100, -1e6, 0][seed % 4]!;
  const masked = seed % 3 === 0 ? 0.3 : 0,
    special = seed % 7 === 0 ? 1 / (2 * n) : 0,
    ties = seed % 5 === 0;
  return values(dtype, rows * n, (i) => {
    if (seed % 11 === 0 && Math.floor(i / n) === 1) return -Infinity;
    if (random() < special) return SPECIALS[Math.floor(random() * SPECIALS.length)]!;
    if (random() < masked) return -Infinity;
    const z = random() + random() + random() + random() - 2;
    return offset + scale * (ties ? Math.round(z * 4) / 4 : z);
  });
}

/** Those with rows, or lengths, up to `longest`. */
export function kernelCases(dtype: Dtype, longest = Infinity): Record<string, () => Iterable<KernelCase>> {
  const upTo = (lengths: readonly number[]): readonly number[] => lengths.filter((n) => n <= longest);
  const size = dtype === 'f32' ? 4 : 8;
  const rounded = (t: number): number => (dtype === 'f32' ? Math.fround(t) : t);

  function result(length: number, kind: KernelCase['kind']): Pick<KernelCase, 'output' | 'kind' | 'guard'> {
    return {
      output: { at: DST, length },
      kind,
      guard: DST + length * (kind === 'i32' ? 4 : kind === dtype ? size : 8),
    };
  }

  /** dst = f(src), element by element: every length, then many values. */
  function* maps(): Iterable<KernelCase> {
    const random = generator(1);
    for (const n of upTo([...LENGTHS, 100_000])) {
      const exponents = dtype === 'f32' ? 280 : 2100;
      const x = values(dtype, n, (i) => {
        if (i % 5 === 0) return SPECIALS[Math.floor(random() * SPECIALS.length)]!;
        if (i % 5 < 3) return (random() - 0.5) * 240;
        return (random() < 0.5 ? -1 : 1) * random() * 2 ** ((random() - 0.5) * exponents);
      });
      yield { label: `n ${n}`, inputs: [{ at: X, values: x }], ...result(n, dtype), args: (b) => [b + X, b + DST, n] };
      yield {
        label: `n ${n} in place`,
        inputs: [{ at: DST, values: x }],
        ...result(n, dtype),
        args: (b) => [b + DST, b + DST, n],
      };
    }
  }

  /** Noise: counts and first elements around the blocks, far blocks, several keys; enough for extension words. */
  function* fills(): Iterable<KernelCase> {
    for (const [count, first] of [
      ...LENGTHS.map((n) => [n, 0]),
      ...[1, 5, 511, 512, 1020, 1023, 1024, 1027, 5000].map((first) => [100, first]),
      [3000, 1000],
      [40, 2 ** 32 * 1024 - 20],
      [40, 2 ** 43 + 512],
      [200_000, 0],
      [200_000, 200_000],
    ] as [number, number][]) {
      if (count > longest) continue;
      for (const [k0, k1] of [
        [0, 0],
        [1, 0],
        [-1, -1],
        [0x12345678, 0x9abcdef0 | 0],
      ] as [number, number][]) {
        yield {
          label: `count ${count} first ${first} key ${k0},${k1}`,
          inputs: [],
          ...result(count, dtype),
          args: (b) => [b + DST, count, first, k0, k1, b + WORDS],
        };
      }
    }
  }

  interface RowShape {
    readonly rows: number;
    readonly n: number;
    readonly seed: number;
    readonly temperature: number;
  }

  function* shapes(temperatures: readonly number[]): Iterable<RowShape> {
    let seed = 0;
    for (const n of upTo([...LENGTHS, 20_000])) {
      const rows = n > 5000 ? 1 : n > 600 ? 3 : 7;
      for (let repeat = 0; repeat < (n > 600 ? 12 : 6); repeat++) {
        yield { rows, n, seed, temperature: rounded(temperatures[seed % temperatures.length]!) };
        seed++;
      }
    }
    // short rows go four at a time, unless one of them is special; the last ones alone
    for (let n = 1; n <= 33; n++) {
      for (let rows = 1; rows <= 9; rows++) {
        yield { rows, n, seed, temperature: rounded(temperatures[seed % temperatures.length]!) };
        seed++;
      }
    }
  }

  /** Every op of each_row, on rows with lengths, temperatures and keys of their own, or without some of these. */
  function* differing(): Iterable<KernelCase> {
    for (let seed = 0; seed < 160; seed++) {
      const op = seed % 8,
        random = generator(seed),
        [ragged, tempered, keyed] = [1, 2, 4].map((bit) => ((seed >> 3) & bit) !== 0) as [boolean, boolean, boolean],
        rows = 1 + Math.floor(random() * 24),
        n = 1 + Math.floor(random() * 50);
      // lengths that come in runs, some of them 0
      const lengths = Array.from({ length: rows }, () => n);
      if (ragged)
        lengths.forEach((_, r) => (lengths[r] = random() < 0.4 && r > 0 ? lengths[r - 1]! : Math.floor(random() * n)));
      const starts = new Int32Array(rows + 1);
      lengths.forEach((length, r) => (starts[r + 1] = starts[r]! + length));
      const total = starts[rows]!,
        origin = 5;
      const of = [0.5, 1, 1, 2.5, op === 5 ? 3 : 0].map(rounded),
        temperatures = values(dtype, rows, () => of[Math.floor(random() * of.length)]!),
        keys = Int32Array.from({ length: 2 * rows }, () => random() * 2 ** 32);
      yield {
        label: `op ${op} rows ${rows} n ${n} seed ${seed}`,
        inputs: [
          { at: X, values: scores(dtype, 1, Math.max(1, total), seed + 1) },
          { at: Y, values: starts.map((start) => start + origin) },
          { at: G, values: temperatures },
          { at: WORDS + REGION / 2, values: keys },
        ],
        ...result(op < 5 ? total : rows, op < 6 ? dtype : 'i32'),
        args: (b) => [
          b + X,
          b + DST,
          ragged ? b + Y : 0,
          tempered ? b + G : 0,
          keyed ? b + WORDS + REGION / 2 : 0,
          op,
          rows,
          n,
          rounded(0.7),
          first(seed),
          seed,
          7,
          b + SCRATCH,
          b + WORDS,
        ],
      };
    }
  }

  /** Rows of one input: width results a row, then the arguments that follow n. */
  function rowwise(
    width: (n: number) => number,
    kind: KernelCase['kind'],
    rest: (b: number, shape: RowShape) => number[],
    { temperatures = TEMPERATURES, inPlace = false } = {},
  ): () => Iterable<KernelCase> {
    return function* () {
      for (const shape of shapes(temperatures)) {
        const { rows, n, seed, temperature } = shape;
        const x = scores(dtype, rows, n, seed);
        for (const at of inPlace ? [X, DST] : [X]) {
          yield {
            label: `rows ${rows} n ${n} T ${temperature} seed ${seed}${at === DST ? ' in place' : ''}`,
            inputs: [{ at, values: x }],
            ...result(rows * width(n), kind),
            args: (b) => [b + at, b + DST, rows, n, ...rest(b, shape)],
          };
        }
      }
    };
  }

  const same = (n: number): number => n,
    one = (_n: number): number => 1;
  const first = (seed: number): number => [0, 0, 777, 16_384][seed % 4]!;
  const finite = TEMPERATURES.filter((t) => rounded(t) > 0 && t < Infinity);

  function* binary(): Iterable<KernelCase> {
    for (const { rows, n, seed, temperature } of shapes(TEMPERATURES)) {
      const count = rows * n,
        x = scores(dtype, rows, n, seed);
      yield {
        label: `count ${count} T ${temperature} seed ${seed}`,
        inputs: [{ at: X, values: x }],
        ...result(count, dtype),
        args: (b) => [b + X, b + DST, count, temperature, first(seed), seed, 5, b + WORDS],
      };
    }
  }

  /** Those of all four laws. */
  function relaxations(vjp: boolean): () => Iterable<KernelCase> {
    return function* () {
      for (const binary of [false, true]) for (const log of [false, true]) yield* densities({ vjp, log, binary })();
    };
  }

  /** Densities: (values, logits, the result's gradient) to a value per row or, laid end to end, the three gradients. */
  function densities({ vjp = false, log = false, binary = false }): () => Iterable<KernelCase> {
    return function* () {
      const op = (binary ? 2 : 0) + (log ? 0 : 1);
      for (const { rows, n, seed, temperature } of shapes(finite)) {
        const count = rows * n,
          results = binary ? count : rows;
        const logits = scores(dtype, rows, n, seed),
          random = generator(seed + 1);
        const edge = (): number => (log ? -Infinity : binary && random() < 0.5 ? 1 : 0);
        const x = values(dtype, count, (i) => {
          if (logits[i] === -Infinity && random() < 0.95) return edge();
          if (random() < 0.002) return SPECIALS[Math.floor(random() * SPECIALS.length)]!;
          if (seed % 5 === 1 && random() < 1 / n) return edge();
          return log ? -random() * 20 : random();
        });
        const inputs = [x, logits, ...(vjp ? [values(dtype, results, () => random() * 4 - 2)] : [])];
        const from = inputs.map((_, i) => [X, Y, G][i]!);
        const to = vjp ? [0, count, 2 * count].map((i) => DST + size * i) : [DST];
        yield {
          label: `law ${op} rows ${rows} n ${n} T ${temperature} seed ${seed}`,
          inputs: inputs.map((v, i) => ({ at: from[i]!, values: v })),
          ...result(vjp ? 2 * count + results : results, dtype),
          args: (b) => [
            ...[...from, ...to].map((at) => b + at),
            ...(binary ? [op, count, 1] : [op, rows, n]),
            temperature,
            b + SCRATCH,
          ],
        };
      }
    };
  }

  /** Rows of p, sparse and dense, some with a NaN, and their gradients. */
  function* products(
    rest: (b: number, seed: number, temperature: number) => number[] = (b, _, t) => [t, b + SCRATCH],
    { width = (n: number) => n, log = false, perRow = false } = {},
  ): Iterable<KernelCase> {
    for (const { rows, n, seed, temperature } of shapes(TEMPERATURES)) {
      const random = generator(seed);
      const p = values(dtype, rows * n, (i) => {
        if (seed % 7 === 0 && i % (3 * n) === n - 1) return NaN;
        const p = seed % 2 === 0 && random() < 0.5 ? 0 : (2 * random()) / n;
        return log ? Math.log(p) : p;
      });
      yield {
        label: `rows ${rows} n ${n} T ${temperature} seed ${seed}`,
        inputs: [
          { at: X, values: p },
          { at: Y, values: scores(dtype, rows, perRow ? 1 : n, seed) },
        ],
        ...result(rows * width(n), dtype),
        args: (b) => [b + X, b + Y, b + DST, rows, n, ...rest(b, seed, temperature)],
      };
    }
  }

  const alphaOf = (seed: number): number => ALPHAS[seed % ALPHAS.length]!;
  /** Those of softmax, entmax15 and sparsemax, of which f32 has kernels, and others. */
  const tsallisOf = (seed: number): number =>
    dtype === 'f32' || seed % 2 === 0 ? [1, 1.5, 2][seed % 3]! : alphaOf(seed);

  /** Draws: several of each row, from logits; and so many rows of two that one of them is rejected. */
  function* draws(): Iterable<KernelCase> {
    const pairs = { rows: 200_000, n: 2, seed: 24, temperature: 1 };
    for (const { rows, n, seed, temperature } of [...shapes(TEMPERATURES), ...(longest < 2 ? [] : [pairs])]) {
      const count = 1 + (seed % 3);
      yield {
        label: `rows ${rows} n ${n} draws ${count} T ${temperature} seed ${seed}`,
        inputs: [{ at: X, values: scores(dtype, rows, n, seed) }],
        ...result(rows * count, 'i32'),
        args: (b) => [
          b + X,
          b + DST,
          rows,
          n,
          count,
          temperature,
          [0, 1, 2 ** 32 - 2, 777][seed % 4]!,
          seed,
          9,
          b + SCRATCH,
        ],
      };
    }
  }

  /** Weights, from 0 up. */
  function* races(): Iterable<KernelCase> {
    for (const { rows, n, seed } of shapes([1])) {
      const weights = scores(dtype, rows, n, seed).map((v) => (seed % 4 === 0 ? v : Math.abs(v))),
        draws = [1, 2, n > 600 ? 3 : 150][seed % 3]!;
      yield {
        label: `rows ${rows} n ${n} draws ${draws} seed ${seed}`,
        inputs: [{ at: X, values: weights }],
        ...result(rows * draws, 'i32'),
        args: (b) => [b + X, b + DST, rows, n, draws, first(seed), seed, 11, b + SCRATCH, b + WORDS],
      };
    }
  }

  /** Log-probabilities, noise and indices, some of them -1. */
  function* scored(): Iterable<KernelCase> {
    for (const { rows, n, seed } of shapes([1])) {
      const k = Math.min(n, [1, 3, 40][seed % 3]!),
        random = generator(seed);
      const indices = new Int32Array(rows * k).map(() => Math.floor(random() * (n + 1)) - 1);
      yield {
        label: `rows ${rows} n ${n} k ${k} seed ${seed}`,
        inputs: [
          { at: X, values: scores(dtype, rows, n, seed) },
          { at: Y, values: scores(dtype, rows, n, seed + 1) },
          { at: G, values: indices },
        ],
        ...result(rows * k, dtype),
        args: (b) => [b + X, b + Y, b + G, b + DST, rows, n, k],
      };
    }
  }

  /** Logits and the greatest of the perturbed ones. */
  function* given(): Iterable<KernelCase> {
    for (const { rows, n, seed } of shapes([1])) {
      yield {
        label: `rows ${rows} n ${n} seed ${seed}`,
        inputs: [
          { at: X, values: scores(dtype, rows, n, seed) },
          { at: Y, values: scores(dtype, rows, 1, seed) },
        ],
        ...result(rows * n, dtype),
        args: (b) => [b + X, b + Y, b + DST, rows, n, first(seed), seed, 13, b + WORDS],
      };
    }
  }

  /** Logits and rankings: of different classes, cut short, and now and then of what cannot be. */
  function rankings(vjp: boolean): () => Iterable<KernelCase> {
    return function* () {
      for (const { rows, n, seed, temperature } of shapes(finite)) {
        const k = Math.min(n, [1, 3, 40, n][seed % 4]!),
          random = generator(seed);
        const ranking = new Int32Array(rows * k).map((_, i) => {
          if (random() < 0.02) return [-1, n, -2, 0][Math.floor(random() * 4)]!;
          return (seed + (i % k)) % n;
        });
        yield {
          label: `rows ${rows} n ${n} k ${k} T ${temperature} seed ${seed}`,
          inputs: [
            { at: X, values: scores(dtype, rows, n, seed) },
            { at: Y, values: ranking },
            ...(vjp ? [{ at: G, values: scores(dtype, rows, 1, seed) }] : []),
          ],
          ...result(rows * (vjp ? n + 1 : 1), dtype),
          args: (b) => [
            b + X,
            b + Y,
            ...(vjp ? [b + G] : []),
            b + DST,
            ...(vjp ? [b + DST + size * rows * n] : []),
            rows,
            n,
            k,
            temperature,
            b + SCRATCH,
          ],
        };
      }
    };
  }

  function* topK(): Iterable<KernelCase> {
    for (const { rows, n, seed, temperature } of shapes(TEMPERATURES)) {
      const k = Math.min(n, [1, 3, 40][seed % 3]!);
      yield {
        label: `rows ${rows} n ${n} k ${k} T ${temperature} seed ${seed}`,
        inputs: [{ at: X, values: scores(dtype, rows, n, seed) }],
        ...result(rows * k, 'i32'),
        args: (b) => [b + X, b + DST, rows, n, k, temperature, first(seed), seed, 7, b + SCRATCH, b + WORDS],
      };
    }
  }

  /** Indices, and behind them the values. */
  function* greatest(): Iterable<KernelCase> {
    for (const { rows, n, seed } of shapes([1])) {
      const k = [1, 3, 40, n, n - 1][seed % 5]!,
        count = rows * Math.max(1, Math.min(n, k));
      yield {
        label: `rows ${rows} n ${n} k ${k} seed ${seed}`,
        inputs: [{ at: X, values: scores(dtype, rows, n, seed) }],
        ...result(seed % 2 === 0 ? count : 2 * count + count * (size / 4), 'i32'),
        args: (b) => [
          b + X,
          b + DST,
          seed % 2 === 0 ? 0 : b + DST + 8 * count,
          rows,
          n,
          Math.max(1, Math.min(n, k)),
          b + SCRATCH,
        ],
      };
    }
  }

  /** Samples and what is multiplied, element by element. */
  function* derivatives(): Iterable<KernelCase> {
    const random = generator(3);
    const some = (i: number): number => (i % 7 === 0 ? SPECIALS[i % SPECIALS.length]! : (random() - 0.5) * 20);
    for (const n of LENGTHS) {
      for (const temperature of [1, 0.7, 0, Infinity, 1e-300]) {
        yield {
          label: `n ${n} T ${temperature}`,
          inputs: [X, Y].map((at) => ({ at, values: values(dtype, n, some) })),
          ...result(n, dtype),
          args: (b) => [b + X, b + Y, b + DST, n, rounded(temperature)],
        };
      }
    }
  }

  /** Tables of cumulative sums. */
  function* tables(): Iterable<KernelCase> {
    for (const { n, seed, temperature } of shapes(TEMPERATURES)) {
      const x = scores(dtype, 1, n, seed);
      const ordinary = temperature > 0 && x.every((v) => v < Infinity) && x.some((v) => v > -Infinity);
      yield {
        label: `n ${n} T ${temperature} seed ${seed}`,
        inputs: [{ at: X, values: x }],
        output: { at: DST, length: ordinary ? 2 + 2 * n : 2 },
        kind: 'i32',
        guard: DST + 8 * n + 8,
        args: (b) => [b + X, b + DST, 1, n, temperature],
      };
    }
  }

  /** Draws from tables of increasing sums, and of a certain class or none. */
  function* lookups(): Iterable<KernelCase> {
    for (const { n, seed } of shapes([1])) {
      const random = generator(seed),
        draws = 50;
      const sums = Array.from({ length: n }, () => random());
      for (let i = 1; i < n; i++) sums[i]! += sums[i - 1]!;
      const certain = seed % 9 === 0 ? -1 : seed % 10 === 0 ? -2 - (seed % n) : 0,
        table = Float64Array.of(certain, ...sums);
      yield {
        label: `n ${n} seed ${seed}`,
        inputs: [{ at: X, values: table }],
        ...result(draws, 'i32'),
        args: (b) => [b + X, b + DST, 1, n, draws, seed, seed, 5, b + SCRATCH],
      };
    }
  }

  /** Class indices, some outside [0, n); `rowed`: beside rows. */
  function* targets(
    width: (n: number) => number,
    rowed: boolean,
    rest: (b: number, shape: RowShape) => number[] = () => [],
    temperatures = [1],
  ): Iterable<KernelCase> {
    for (const shape of shapes(temperatures)) {
      const { rows, n, seed } = shape;
      const random = generator(seed);
      const target = new Int32Array(rows).map(() => Math.floor(random() * (n + 2)) - 1);
      yield {
        label: `rows ${rows} n ${n} seed ${seed}`,
        inputs: [{ at: X, values: target }, ...(rowed ? [{ at: Y, values: scores(dtype, rows, n, seed) }] : [])],
        ...result(rows * width(n), dtype),
        args: (b) => [...(rowed ? [b + Y] : []), b + X, b + DST, rows, n, ...rest(b, shape)],
      };
    }
  }

  /** Scores, their max (or its logarithm) and a target: any rows do for the bits. */
  function* losses(
    args: (b: number, rows: number, n: number, seed: number) => number[],
    { width = one, log = false, indexed = false } = {},
  ): Iterable<KernelCase> {
    for (const { rows, n, seed } of shapes([1])) {
      const random = generator(seed);
      const simplex = (): Values => values(dtype, rows * n, () => (random() < 0.3 ? 0 : (2 * random()) / n));
      const p = simplex();
      const target = new Int32Array(rows).map(() => Math.floor(random() * (n + 2)) - 1);
      const y = indexed && seed % 2 ? target : simplex();
      const inputs = [scores(dtype, rows, n, seed), log ? p.map(Math.log) : p, y];
      yield {
        label: `rows ${rows} n ${n} seed ${seed}`,
        inputs: inputs.map((v, i) => ({ at: [X, Y, G][i]!, values: v })),
        ...result(rows * width(n), dtype),
        args: (b) => args(b, rows, n, seed),
      };
    }
  }

  /** What every max with kernels of its own has. */
  function maxCases(own: string): Record<string, () => Iterable<KernelCase>> {
    return {
      [own]: rowwise(same, dtype, (b, { temperature }) => [temperature, b + SCRATCH], { inPlace: true }),
      [`${own}_vjp`]: () => products(),
    };
  }

  const doubles: Record<string, () => Iterable<KernelCase>> = {
    plackett_luce_log_prob: rankings(false),
    plackett_luce_log_prob_vjp: rankings(true),
    fenchel_young_loss: () =>
      losses(
        (b, rows, n, seed) => [
          b + X,
          b + Y,
          b + G,
          b + DST,
          seed % 2,
          rows,
          n,
          [1, 0.7, 1e30][seed % 3]!,
          [1, 1.5, 2, 1.2, 3][seed % 5]!,
          b + SCRATCH,
        ],
        { indexed: true },
      ),
    fenchel_young_gradient: () => losses((b, rows, n) => [b + Y, b + G, b + DST, rows * n], { width: same }),
    softmax_loss: () =>
      losses((b, rows, n, seed) => [b + X, b + Y, b + G, b + DST, rows, n, [1, 0.7, 1e30][seed % 3]!, b + SCRATCH], {
        log: true,
      }),
    log_sum_exp_vjp_temperature: () => products((b, _seed, t) => [t, b + SCRATCH], { perRow: true, width: one }),
  };
  /** Logits, losses of classes or rows, and labels, some none and some no class. */
  function* semiSupervised(): Iterable<KernelCase> {
    for (const { rows, n, seed } of shapes([1])) {
      const random = generator(seed),
        op = seed % 2;
      const labels = Int32Array.from({ length: rows }, () =>
        random() < 0.6 ? -1 : Math.floor(random() * (n + 2)) - (random() < 0.1 ? 2 : 0),
      );
      yield {
        label: `rows ${rows} n ${n} op ${op} seed ${seed}`,
        inputs: [
          { at: X, values: scores(dtype, rows, n, seed + 1) },
          { at: Y, values: scores(dtype, rows, n, seed) },
          { at: G, values: labels },
        ],
        ...result(rows, dtype),
        args: (b) => [b + X, b + Y, b + G, b + DST, op, rows, n, rounded([1, 0, 0.3][seed % 3]!), b + SCRATCH],
      };
    }
  }

  /** Their gradients, laid end to end. */
  function* semiSupervisedGradients(): Iterable<KernelCase> {
    for (const c of semiSupervised()) {
      const count = c.inputs[1]!.values.length,
        rows = c.inputs[2]!.values.length,
        random = generator(count);
      yield {
        ...c,
        inputs: [...c.inputs, { at: WORDS, values: values(dtype, rows, () => random() * 4 - 2) }],
        ...result(2 * count, dtype),
        args: (b) => {
          const [, , , , , , n, weight, scratch] = c.args(b) as number[];
          return [b + X, b + Y, b + G, b + WORDS, b + DST, b + DST + size * count, rows, n!, weight!, scratch!];
        },
      };
    }
  }

  /** Terms of relaxed samples: (values, logits, logits of the prior), some of them masked or infinite. */
  function terms(binary: boolean): () => Iterable<KernelCase> {
    return function* () {
      for (const c of densities({ log: true, binary })()) {
        const [value, logits] = c.inputs as [KernelCase['inputs'][number], KernelCase['inputs'][number]];
        const random = generator(logits.values.length);
        const prior = values(dtype, logits.values.length, (i) => {
          const own = logits.values[i]!;
          return own === -Infinity && random() < 0.9 ? own : random() * 6 - 3;
        });
        const T = [1, 0.5, 3][c.output.length % 3]!;
        yield {
          ...c,
          inputs: [value, logits, { at: G, values: prior }],
          args: (b) => {
            const [x, a, , , rows, n, temperature, scratch] = c.args(b) as [number, number, ...number[]];
            return [x, a, b + G, b + DST, rows!, ...(binary ? [temperature!, T] : [n!, temperature!, T, scratch!])];
          },
        };
      }
    };
  }

  /** Two rows of logits, nearly equal or not, alone, with weights and with log-ratios. */
  function* contrasts(): Iterable<KernelCase> {
    for (const { rows, n, seed } of shapes([1])) {
      const random = generator(seed),
        count = rows * n,
        a = scores(dtype, rows, n, seed);
      const b =
        seed % 3 === 1 ? a.map((v) => v + (random() - 0.5) * 10 ** -(seed % 9)) : scores(dtype, rows, n, seed + 2);
      const y = values(dtype, count, () => (random() < 0.3 ? 0 : random() / n));
      const inputs = [a, b, y].map((v, i) => ({ at: [X, Y, G][i]!, values: v }));
      for (const weighted of [false, true]) {
        const withRatio = dtype === 'f64' && seed % 2 === 0;
        yield {
          label: `rows ${rows} n ${n} seed ${seed}${weighted ? ' weighted' : ''}`,
          inputs,
          ...result(withRatio ? rows + count : rows, dtype),
          args: (base) => [
            base + X,
            base + Y,
            weighted ? base + G : 0,
            base + DST,
            withRatio ? base + DST + rows * size : 0,
            rows,
            n,
            base + SCRATCH,
          ],
        };
      }
    }
  }

  function* bitContrasts(): Iterable<KernelCase> {
    for (const c of contrasts()) {
      const length = c.inputs[0]!.values.length;
      const args = (b: number): number[] => [...c.args(b).slice(0, 4), length];
      yield { ...c, ...result(length, dtype), args };
    }
  }

  /** Every function of `law`, of values beside locations and scales, in runs of equal ones, or alone. */
  function* laws(): Iterable<KernelCase> {
    for (const c of maps()) {
      const [{ at, values: x }] = c.inputs as [KernelCase['inputs'][number]],
        { length } = x,
        random = generator(length);
      const loc = values(dtype, length, (i) => (i % 3 === 0 ? 0 : SPECIALS[Math.floor(random() * EDGES.length)]!)),
        scale = values(dtype, length, (i) => [1, 1, 2.5, 1e-30, 0.75][Math.floor(i / 5) % 5]!);
      for (let op = 0; op < (length > 1100 ? 1 : 9); op++) {
        for (const alone of [false, true]) {
          yield {
            ...c,
            label: `${c.label} op ${op}${alone ? ' alone' : ''}`,
            inputs: [...c.inputs, { at: Y, values: loc }, { at: G, values: scale }],
            args: (b) => [b + at, alone ? 0 : b + Y, alone ? 0 : b + G, b + DST, op, length],
          };
        }
      }
    }
  }

  return {
    ...(dtype === 'f64' ? doubles : {}),
    semi_supervised: semiSupervised,
    semi_supervised_vjp: semiSupervisedGradients,
    exp_concrete_term: terms(false),
    logit_bin_concrete_term: terms(true),
    log_prob: relaxations(false),
    log_prob_vjp: relaxations(true),
    law: laws,
    contrast_bits: bitContrasts,
    ignore_rows: () => targets(same, false, () => [0]),
    class_gradient: function* () {
      for (const c of targets(same, true)) {
        const [target, x] = c.inputs as [KernelCase['inputs'][number], KernelCase['inputs'][number]];
        const { length } = target.values;
        yield {
          ...c,
          inputs: [target, { at: DST, values: x.values.map((v, i) => (i % 3 ? Math.abs(v) % 1 : v)) as Values }],
          args: (b) => [b + X, b + DST, length, x.values.length / length],
        };
      }
    },
    scale_rows: function* () {
      for (const c of products((_, _seed, t) => [t], { perRow: true })) {
        const [p, d] = c.inputs as [(typeof c.inputs)[0], (typeof c.inputs)[0]];
        yield { ...c, inputs: [{ ...p, at: DST }, d], args: (b) => c.args(b).slice(1) };
        yield { ...c, inputs: [{ ...p, at: DST }], args: (b) => [0, ...c.args(b).slice(2)] };
      }
    },
    contrast: contrasts,
    ...Object.assign({}, ...MAXES.flatMap(({ own }) => (own === undefined ? [] : [maxCases(own)]))),
    entmax: rowwise(same, dtype, (b, { temperature, seed }) => [temperature, alphaOf(seed), b + SCRATCH], {
      inPlace: true,
    }),
    exp: maps,
    log: maps,
    log1p: maps,
    sigmoid: maps,
    bits: function* () {
      for (const c of fills()) yield { ...c, ...result(c.output.length, 'i32') };
    },
    each_row: differing,
    fold_in: function* () {
      for (const count of [4, 8, 64, 256]) {
        for (const k of [0, -1, 0x9abcdef0 | 0]) {
          yield {
            label: `count ${count} key ${k}`,
            inputs: [{ at: X, values: Int32Array.from({ length: count }, (_, i) => Math.imul(i, 0x9e3779b9) >>> 1) }],
            ...result(2 * count, 'i32'),
            args: (b) => [b + X, b + DST, count, k, ~k, b + SCRATCH],
          };
        }
      }
    },
    keys: function* () {
      for (const count of [4, 8, 64, 256]) {
        for (const first of [0, 3, 2 ** 32 - 2, 2 ** 32, 2 ** 52 + 1, 2 ** 53 - 1 - count]) {
          for (const k of [0, -1, 0x9abcdef0 | 0]) {
            yield {
              label: `count ${count} first ${first} key ${k}`,
              inputs: [],
              ...result(2 * count, 'i32'),
              args: (b) => [b + DST, count, first, k, ~k, b + SCRATCH],
            };
          }
        }
      }
    },
    uniform: fills,
    exponential: fills,
    gumbel: fills,
    logistic: fills,
    normal: fills,
    log_softmax_at: function* () {
      for (const c of targets(one, true, (b, { temperature }) => [temperature, b + SCRATCH], TEMPERATURES)) {
        yield { ...c, args: (b) => c.args(b).toSpliced(3, 0, c.inputs[1]!.values.length % 2) };
      }
    },
    top_k: greatest,
    argmax: rowwise(one, 'i32', () => [], { temperatures: [1] }),
    hardmax: rowwise(same, dtype, () => [], { temperatures: [1], inPlace: true }),
    log_softmax: rowwise(same, dtype, (b, { temperature }) => [temperature, b + SCRATCH], { inPlace: true }),
    log_sum_exp: rowwise(one, dtype, (b, { temperature }) => [temperature, b + SCRATCH], { temperatures: finite }),
    categorical_entropy: rowwise(one, dtype, (b) => [b + SCRATCH], { temperatures: [1] }),
    zero_empty: rowwise(same, dtype, () => [], { temperatures: [1] }),
    support_size: rowwise(one, 'i32', () => [], { temperatures: [1] }),
    entmax_vjp: () => products((b, seed, t) => [t, alphaOf(seed), b + SCRATCH]),
    entmax_vjp_alpha: () => products((b, seed) => [seed % 8 === 0 ? 1 : alphaOf(seed), b + SCRATCH], { width: one }),
    entmax_vjp_temperature: () => products((b, seed, t) => [t, tsallisOf(seed), b + SCRATCH], { width: one }),
    tsallis_entropy: rowwise(one, dtype, (b, { seed }) => [tsallisOf(seed), b + SCRATCH], {
      temperatures: [1],
    }),
    tsallis_entropy_vjp: () => products((_, seed) => [tsallisOf(seed)], { perRow: true }),
    log_sum_exp_vjp: () => products((b, _seed, t) => [t, b + SCRATCH], { perRow: true }),
    log_softmax_vjp: () => products((_, _seed, t) => [t], { log: true }),
    log_softmax_vjp_temperature: () => products((b, _, t) => [t, b + SCRATCH], { log: true, width: one }),
    gumbel_sigmoid_vjp: derivatives,
    logit_bin_concrete_vjp: derivatives,
    logit_bin_concrete_vjp_temperature: derivatives,
    categorical: draws,
    categorical_table: tables,
    categorical_lookup: lookups,
    exponential_race: races,
    gumbel_given: given,
    top_k_scores: scored,
    gumbel_top_k: topK,
    gumbel_max: rowwise(one, 'i32', (b, { temperature, seed }) => [
      temperature,
      first(seed),
      seed,
      7,
      b + SCRATCH,
      b + WORDS,
    ]),
    gumbel_perturb: rowwise(same, dtype, (b, { temperature, seed }) => [temperature, first(seed), seed, 3, b + WORDS]),
    gumbel_softmax: rowwise(same, dtype, (b, { seed }) => [first(seed), seed, 3, b + SCRATCH, b + WORDS], {
      temperatures: [1],
    }),
    logit_bin_concrete: binary,
  };
}
