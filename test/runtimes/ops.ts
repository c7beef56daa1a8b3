/**
 * One line for each op of the package, under its name there: the golden hashes are over what these lines return. A line
 * for an op that the package does not have (yet) is passed over; an op without a line fails the conformance test.
 */

export type Floats = Float32Array | Float64Array;
export type Output = ArrayLike<number> | readonly Output[] | { readonly [name: string]: Output };

/** The inputs of one call: `rows` rows of n. */
export interface Case {
  readonly dtype: 'float32' | 'float64';
  readonly rows: number;
  readonly n: number;
  readonly temperature: number;
  /** As the T option. */
  readonly o: { readonly temperature: number };
  readonly key: unknown;
  /** Scores, some masked; a second array of scores; positive weights; points of the simplex and their logarithms. */
  readonly x: Floats;
  readonly d: Floats;
  readonly w: Floats;
  readonly p: Floats;
  readonly logP: Floats;
  /** Scores without masks, and relaxed samples of them. */
  readonly logits: Floats;
  readonly y: Floats;
  readonly logY: Floats;
  /** One value per row. */
  readonly perRow: Floats;
  readonly target: Int32Array;
  /** The package. */
  readonly a: Library;
}

// The lines are for what the package will have as well as for what it has: the types of its API are tested elsewhere.
// oxlint-disable-next-line typescript/no-explicit-any
export type Library = any;
// oxlint-disable-next-line typescript/no-explicit-any
type Op = (f: any, c: Case) => Output;

/** A temperature of what has no limits. */
const POSITIVE = { temperature: 0.7 };

/** Five classes of each row, or all. */
const rankingOf = (c: Case): Int32Array => c.a.gumbelTopK(c.key, c.x, c.n, Math.min(c.n, 5), POSITIVE);

/** What every max has. */
function maxOps(name: string): Record<string, Op> {
  return {
    [name]: (f, c) => f(c.x, c.n, c.o),
    [`${name}.vjp`]: (f, c) => f(c.p, c.d, c.n, c.o),
    [`${name}.vjpTemperature`]: (f, c) => f(c.p, c.d, c.n, c.o),
    [`${name}.vjpAlpha`]: (f, c) => f(c.p, c.d, c.n),
    [`${name}.entropy`]: (f, c) => f(c.p, c.n),
    [`${name}.entropy.vjp`]: (f, c) => f(c.p, c.perRow, c.n),
    [`${name}.loss`]: (f, c) => [f(c.x, c.target, c.n), f(c.x, c.p, c.n)],
    [`${name}.loss.vjp`]: (f, c) => [
      f(c.x, c.target, c.perRow, c.n, { ...POSITIVE, ignoreIndex: 0 }),
      f(c.x, c.p, c.perRow, c.n, POSITIVE),
    ],
    [`${name}.lossGradient`]: (f, c) => [f(c.x, c.target, c.n), f(c.x, c.p, c.n)],
  };
}

/** A density with its gradients, of a value and logits. */
function density(name: string, value: (c: Case) => Floats): Record<string, Op> {
  return {
    [name]: (f, c) => f(value(c), c.logits, c.n, c.o),
    [`${name}.vjp`]: (f, c) => f(value(c), c.logits, c.perRow, c.n, c.o),
  };
}

function binaryDensity(name: string, value: (c: Case) => Floats): Record<string, Op> {
  return {
    [name]: (f, c) => f(value(c), c.logits, c.o),
    [`${name}.vjp`]: (f, c) => f(value(c), c.logits, c.d, c.o),
  };
}

function noise(name: string): Record<string, Op> {
  return { [`random.${name}`]: (f, c) => f(c.key, c.x.length, { dtype: c.dtype }) };
}

/** What a distribution has, made of a case, at draws of its own; the gradients with one of the case's arrays. */
function distribution(
  name: string,
  make: (f: Library, c: Case) => Library,
  methods: readonly string[],
  withCdf = false,
): Record<string, Op> {
  return {
    [name]: (f, c) => {
      const d = make(f, c);
      const value = d.sample(c.key, 2);
      const slopes = d.logProb(value).map((_: number, i: number) => i / 8 - 1);
      const closed = methods.map((method) => d[method]());
      const levels = withCdf ? [d.cdf(value), d.icdf(d.cdf(value))] : [];
      return [value, d.logProb(value), d.vjp(value, slopes), ...closed, ...levels];
    },
  };
}
const CLOSED = ['mean', 'variance', 'entropy'];
const locationScale = (name: string): Record<string, Op> =>
  distribution(
    name,
    (f, c) =>
      new f(
        c.x.map((v) => (v > -Infinity ? v : 0)),
        c.w.map((v) => v + 0.25),
      ),
    CLOSED,
    true,
  );

interface KeyWords {
  readonly high: number;
  readonly low: number;
}
const words = (keys: readonly KeyWords[]): Output => Uint32Array.from(keys.flatMap(({ high, low }) => [high, low]));
const SEEDS = [
  0,
  1,
  -1,
  42,
  2 ** 53 - 1,
  1n,
  2n ** 64n - 1n,
  '',
  'seed',
  'a longer seed than eight bytes',
  '\u00fc\u{1f600}',
];

/** Every other row without a label. */
const labelsOf = (c: Case): Int32Array => c.target.map((k, r) => (r % 2 ? -1 : k));

export const ops: Record<string, Op> = {
  // max
  ...maxOps('softmax'),
  ...maxOps('sparsemax'),
  ...maxOps('entmax15'),
  entmax: (f, c) => [1, 1.25, 1.5, 2, 3].map((alpha) => f(alpha)(c.x, c.n, c.o)),
  argmax: (f, c) => f(c.x, c.n),
  topK: (f, c) => {
    const k = Math.min(c.n, 5),
      values = c.x.slice(0, c.rows * k);
    return [f(c.x, c.n, k, { values }), values];
  },
  hardmax: (f, c) => f(c.x, c.n),
  logSoftmax: (f, c) => f(c.x, c.n, c.o),
  'logSoftmax.vjp': (f, c) => f(c.logP, c.d, c.n, c.o),
  'logSoftmax.at': (f, c) => f(c.x, c.target, c.n, c.o),
  logSumExp: (f, c) => f(c.x, c.n, c.o),
  'logSoftmax.vjpTemperature': (f, c) => f(c.logP, c.d, c.n, c.o),
  'logSumExp.vjp': (f, c) => f(c.x, c.perRow, c.n, c.o),
  'logSumExp.vjpTemperature': (f, c) => f(c.x, c.perRow, c.n, c.o),
  vjp: (f, c) => {
    const [y, back] = f(c.a.gumbelSoftmax, c.key, c.x, c.n, c.o);
    return [y, back(c.d)];
  },
  supportSize: (f, c) => f(c.p, c.n),

  // random
  key: (f) => words(SEEDS.map((seed) => f(seed))),
  split: (f, c) => words(f(c.key, 5)),
  foldIn: (f, c) => words([0, 1, 2 ** 32, 2 ** 53 - 1].map((data) => f(c.key, data))),
  perRow: (f, c) => [
    c.a.gumbelMax(f(c.key), c.x, c.n),
    c.a.gumbelSoftmax(
      f(
        c.key,
        c.target.map((k, r) => 1000 * k + r),
      ),
      c.x,
      c.n,
      c.o,
    ),
  ],
  Rng: (f, c) => {
    const rng = new f(c.n);
    return [words([rng.next(), rng.next(), f.from(rng.state).next()]), c.a.random.uniform(rng, 10)];
  },
  'random.bits': (f, c) => f(c.key, c.x.length),
  ...noise('uniform'),
  ...noise('exponential'),
  ...noise('gumbel'),
  ...noise('logistic'),
  ...noise('normal'),

  // sample
  gumbelMax: (f, c) => f(c.key, c.x, c.n, c.o),
  categorical: (f, c) => [f(c.key, c.x, c.n, c.o), f(c.key, c.x, c.n, { ...c.o, draws: 9 })],
  'categorical.prepare': (f, c) => {
    const prepared = f(c.x, c.n, c.o),
      drawn = prepared.draw(c.key, 9);
    prepared.free();
    return drawn;
  },
  gumbelTopK: (f, c) => f(c.key, c.logits, c.n, Math.min(c.n, 5), c.o),
  gumbelGiven: (f, c) => {
    const scores = c.perRow.slice();
    c.a.gumbelTopK(c.key, c.x, c.n, 1, { ...c.o, scores });
    return [scores, f(c.key, c.x, scores, c.n), f(c.key, c.x, c.perRow, c.n)];
  },
  exponentialRace: (f, c) => f(c.key, c.w, c.n),
  plackettLuceLogProb: (f, c) => f(c.x, rankingOf(c), c.n, Math.min(c.n, 5), POSITIVE),
  'plackettLuceLogProb.vjp': (f, c) => f(c.x, rankingOf(c), c.perRow, c.n, Math.min(c.n, 5), POSITIVE),
  WeightTree: (f, c) => {
    const tree = new f(c.w);
    const several = c.a.exponentialRace(c.key, c.w, c.n, { draws: 3 });
    return [several, tree.draw(c.key, 20), [tree.take(c.key), tree.take(c.key), tree.total]];
  },
  gumbelSoftmax: (f, c) => [f(c.key, c.x, c.n, c.o), f(c.key, c.x, c.n, { ...c.o, max: c.a.sparsemax })],
  'gumbelSoftmax.vjp': (f, c) => f(c.y, c.d, c.n, c.o),
  'gumbelSoftmax.vjpTemperature': (f, c) => f(c.y, c.d, c.n, c.o),
  gumbelSigmoid: (f, c) => f(c.key, c.x, c.o),
  'gumbelSigmoid.vjp': (f, c) => f(c.y, c.d, c.o),
  expConcrete: (f, c) => f(c.key, c.x, c.n, c.o),
  'expConcrete.vjp': (f, c) => f(c.logY, c.d, c.n, c.o),
  'expConcrete.vjpTemperature': (f, c) => f(c.logY, c.d, c.n, c.o),
  logitBinConcrete: (f, c) => f(c.key, c.x, c.o),
  'logitBinConcrete.vjp': (f, c) => f(c.logits, c.d, c.o),
  'logitBinConcrete.vjpTemperature': (f, c) => f(c.logits, c.d, c.o),

  // density
  ...density('expConcreteLogProb', (c) => c.logY),
  ...density('concreteLogProb', (c) => c.y),
  ...binaryDensity('binConcreteLogProb', (c) => c.y),
  ...binaryDensity('logitBinConcreteLogProb', (c) => c.x),

  // distributions
  ...locationScale('Gumbel'),
  ...locationScale('Logistic'),
  ...locationScale('Normal'),
  ...distribution('Categorical', (f, c) => new f(c.x, c.n), ['entropy']),
  'Categorical.fromProbs': (f, c) => f(c.p, c.n).logits,
  ...distribution('Bernoulli', (f, c) => new f(c.x), CLOSED),
  'Bernoulli.fromProbs': (f, c) => f(c.p).logits,
  ...distribution('Concrete', (f, c) => new f(c.logits, c.n, c.o), []),
  ...distribution('ExpConcrete', (f, c) => new f(c.logits, c.n, c.o), []),
  ...distribution('BinConcrete', (f, c) => new f(c.logits, c.o), [], true),
  ...distribution('LogitBinConcrete', (f, c) => new f(c.logits, c.o), CLOSED, true),
  klDivergence: (f, { a, ...c }) => [
    f(
      new a.Normal(
        c.d,
        c.w.map((v) => v + 0.25),
      ),
      new a.Normal(c.logits, 2),
    ),
    f(
      new a.Gumbel(
        c.d,
        c.w.map((v) => v + 0.25),
      ),
      new a.Gumbel(c.logits, 2),
    ),
    f(new a.Logistic(c.d, 2), new a.Logistic(c.logits, 2)),
    f(new a.Categorical(c.logits, c.n), new a.Categorical(c.d, c.n)),
    f(new a.Bernoulli(c.logits), new a.Bernoulli(c.d)),
  ],
  'klDivergence.vjp': (f, { a, ...c }) => [
    ...Object.values(f(new a.Normal(c.d, 2), new a.Normal(c.logits, 3), c.w)).flatMap((of) =>
      Object.values(of as object),
    ),
    ...Object.values(f(new a.Categorical(c.logits, c.n), new a.Categorical(c.d, c.n), c.perRow)).flatMap((of) =>
      Object.values(of as object),
    ),
  ],

  // objectives
  relaxedElboTerm: (f, c) => f(c.logY, c.logits, c.d, c.n, c.o),
  'relaxedElboTerm.vjp': (f, c) => f(c.logY, c.logits, c.d, c.perRow, c.n, c.o),
  weightedElboTerm: (f, c) => f(c.y, c.logits, c.d, c.n),
  'weightedElboTerm.vjp': (f, c) => f(c.y, c.logits, c.d, c.perRow, c.n),
  analyticElboTerm: (f, c) => f(c.logits, c.d, c.n),
  'analyticElboTerm.vjp': (f, c) => f(c.logits, c.d, c.perRow, c.n),
  binaryRelaxedElboTerm: (f, c) => f(c.d, c.logits, c.w, c.o),
  'binaryRelaxedElboTerm.vjp': (f, c) => f(c.d, c.logits, c.w, c.w, c.o),
  binaryWeightedElboTerm: (f, c) => f(c.y, c.logits, c.d),
  'binaryWeightedElboTerm.vjp': (f, c) => f(c.y, c.logits, c.d, c.w),
  binaryAnalyticElboTerm: (f, c) => f(c.logits, c.d),
  'binaryAnalyticElboTerm.vjp': (f, c) => f(c.logits, c.d, c.w),
  semiSupervisedMarginal: (f, c) => f(c.d, c.logits, labelsOf(c), c.n),
  'semiSupervisedMarginal.vjp': (f, c) => f(c.d, c.logits, labelsOf(c), c.perRow, c.n),
  semiSupervisedSampled: (f, c) => f(c.perRow, c.logits, labelsOf(c), c.n),
  'semiSupervisedSampled.vjp': (f, c) => f(c.y, c.d, c.logits, labelsOf(c), c.perRow, c.n, c.o),
};

/** What has no bits of its own. */
export const NOT_OPS = ['init', 'backend', 'fallbackReason', 'alloc'];
