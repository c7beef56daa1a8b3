/** Calls of every kernel for the mirror test: memory before the call, arguments, and where the output lies. */

type Dtype = 'f32' | 'f64';
type Values = Float32Array | Float64Array;

export interface Memory {
  readonly base: number;
  readonly buffer: ArrayBuffer;
}

export interface KernelCase {
  readonly label: string;
  readonly inputs: { readonly at: number; readonly values: Values }[];
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
const ALPHAS = [1.001, 1.1, 1.25, 1.7, 2, 2.5, 4];
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

export function kernelCases(dtype: Dtype): Record<string, () => Iterable<KernelCase>> {
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
    for (const n of [...LENGTHS, 100_000]) {
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
    for (const n of [...LENGTHS, 20_000]) {
      const rows = n > 5000 ? 1 : n > 600 ? 3 : 7;
      for (let repeat = 0; repeat < (n > 600 ? 12 : 6); repeat++) {
        yield { rows, n, seed, temperature: rounded(temperatures[seed % temperatures.length]!) };
        seed++;
      }
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
    one = (): number => 1;
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

  /** Densities: (values, logits, the result's gradient) to a value a row or, laid end to end, the three gradients. */
  function densities({ vjp = false, log = false, binary = false }): () => Iterable<KernelCase> {
    return function* () {
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
          label: `rows ${rows} n ${n} T ${temperature} seed ${seed}`,
          inputs: inputs.map((v, i) => ({ at: from[i]!, values: v })),
          ...result(vjp ? 2 * count + results : results, dtype),
          args: (b) => [
            ...[...from, ...to].map((at) => b + at),
            ...(binary ? [count, temperature] : [rows, n, temperature, b + SCRATCH]),
          ],
        };
      }
    };
  }

  /** Rows of p, sparse and dense, some with a NaN, and their gradients. */
  function* products(rest: (b: number, seed: number) => number[] = () => []): Iterable<KernelCase> {
    for (const { rows, n, seed, temperature } of shapes(TEMPERATURES)) {
      const random = generator(seed);
      const p = values(dtype, rows * n, (i) => {
        if (seed % 7 === 0 && i % (3 * n) === n - 1) return NaN;
        return seed % 2 === 0 && random() < 0.5 ? 0 : (2 * random()) / n;
      });
      yield {
        label: `rows ${rows} n ${n} T ${temperature} seed ${seed}`,
        inputs: [
          { at: X, values: p },
          { at: Y, values: scores(dtype, rows, n, seed) },
        ],
        ...result(rows * n, dtype),
        args: (b) => [b + X, b + Y, b + DST, rows, n, temperature, ...rest(b, seed)],
      };
    }
  }

  return {
    exp: maps,
    log: maps,
    log1p: maps,
    sigmoid: maps,
    bits: function* () {
      for (const c of fills()) yield { ...c, ...result(c.output.length, 'i32') };
    },
    uniform: fills,
    exponential: fills,
    gumbel: fills,
    logistic: fills,
    normal: fills,
    argmax: rowwise(one, 'i32', () => [], { temperatures: [1] }),
    hardmax: rowwise(same, dtype, () => [], { temperatures: [1], inPlace: true }),
    softmax: rowwise(same, dtype, (_, { temperature }) => [temperature], { inPlace: true }),
    log_softmax: rowwise(same, dtype, (b, { temperature }) => [temperature, b + SCRATCH], { inPlace: true }),
    log_sum_exp: rowwise(one, dtype, (b, { temperature }) => [temperature, b + SCRATCH], { temperatures: finite }),
    entmax15: rowwise(same, dtype, (b, { temperature }) => [temperature, b + SCRATCH], { inPlace: true }),
    entmax: rowwise(same, dtype, (b, { temperature, seed }) => [temperature, b + SCRATCH, ALPHAS[seed % 7]!], {
      inPlace: true,
    }),
    entmax_vjp: () => products((b, seed) => [b + SCRATCH, ALPHAS[seed % 7]!]),
    softmax_vjp: () => products(),
    sparsemax_vjp: () => products(),
    entmax15_vjp: () => products(),
    sparsemax: rowwise(same, dtype, (b, { temperature }) => [temperature, b + SCRATCH], { inPlace: true }),
    gumbel_max: rowwise(one, 'i32', (b, { temperature, seed }) => [
      temperature,
      first(seed),
      seed,
      7,
      b + SCRATCH,
      b + WORDS,
    ]),
    gumbel_perturb: rowwise(same, dtype, (b, { seed }) => [first(seed), seed, 3, b + WORDS], { temperatures: [1] }),
    logit_bin_concrete: binary,
    exp_concrete_log_prob: densities({ log: true }),
    exp_concrete_log_prob_vjp: densities({ log: true, vjp: true }),
    concrete_log_prob: densities({}),
    concrete_log_prob_vjp: densities({ vjp: true }),
    bin_concrete_log_prob: densities({ binary: true }),
    bin_concrete_log_prob_vjp: densities({ binary: true, vjp: true }),
    logit_bin_concrete_log_prob: densities({ binary: true, log: true }),
    logit_bin_concrete_log_prob_vjp: densities({ binary: true, log: true, vjp: true }),
  };
}
