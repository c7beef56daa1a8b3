/**
 * What the kernels should give, by means that are not theirs: f64 with V8's fdlibm functions (below 1 ULP of f64, so
 * right to 1e-15) and compensated sums for the f32 kernels, fixed point in BigInt for the f64 ones. Every formula is
 * written once, over either arithmetic.
 */

export interface Arithmetic<V> {
  /** The same number, exactly (in fixed point: down to its last place). */
  of(x: number): V;
  number(a: V): number;
  plus(a: V, b: V): V;
  minus(a: V, b: V): V;
  times(a: V, b: V): V;
  over(a: V, b: V): V;
  exp(a: V): V;
  log(a: V): V;
  log1p(a: V): V;
  /** exp x as m 2^k, log x, of an x with any exponent. */
  expOf(x: number): { m: V; k: number };
  logOf(x: number): V;
  /** A running sum, exact in fixed point and compensated in f64. */
  adder(): { add(a: V): void; value(): V };
}

// ---- f64 ----

/** A running sum with the sum of its rounding errors beside it (Neumaier 1974). */
function adder(): { add(a: number): void; value(): number } {
  let sum = 0,
    error = 0;
  return {
    add(a) {
      const s = sum + a;
      error += Math.abs(sum) >= Math.abs(a) ? sum - s + a : a - s + sum;
      sum = s;
    },
    value: () => sum + error,
  };
}

export const doubles: Arithmetic<number> = {
  of: (x) => x,
  number: (a) => a,
  plus: (a, b) => a + b,
  minus: (a, b) => a - b,
  times: (a, b) => a * b,
  over: (a, b) => a / b,
  exp: Math.exp,
  log: Math.log,
  log1p: Math.log1p,
  expOf: (x) => ({ m: Math.exp(x), k: 0 }),
  logOf: Math.log,
  adder,
};

// ---- Fixed point: the integer a stands for a / 2^bits ----

const view = new DataView(new ArrayBuffer(8));

/** [m, e] with x = m 2^e, m an integer. */
function decompose(x: number): [bigint, number] {
  view.setFloat64(0, x);
  const raw = view.getBigUint64(0);
  const biased = Number((raw >> 52n) & 0x7ffn);
  const fraction = raw & 0xfffffffffffffn;
  const m = biased === 0 ? fraction : fraction | 0x10000000000000n;
  return [x < 0 ? -m : m, Math.max(biased, 1) - 1075];
}

function bitLength(a: bigint): number {
  const hex = a.toString(16);
  return hex.length * 4 - (Math.clz32(parseInt(hex[0]!, 16)) - 28);
}

export function fixed(bits: number): Arithmetic<bigint> {
  const BITS = BigInt(bits),
    ONE = 1n << BITS;
  const mul = (a: bigint, b: bigint): bigint => (a * b) >> BITS;
  const div = (a: bigint, b: bigint): bigint => (a << BITS) / b;
  const of = (x: number): bigint => {
    const [m, e] = decompose(x);
    const shift = e + bits;
    return shift >= 0 ? m << BigInt(shift) : m >> BigInt(-shift);
  };
  /** Keeps 64 leading bits, of which rounding to f64 takes 53. */
  const number = (a: bigint): number => {
    if (a < 0n) return -number(-a);
    const drop = Math.max(0, bitLength(a) - 64);
    return Number(a >> BigInt(drop)) * 2 ** (drop - Math.ceil(bits / 2)) * 2 ** -Math.floor(bits / 2);
  };
  const halvings = Math.ceil(Math.sqrt(bits));
  /** exp r = exp(r / 2^halvings)^(2^halvings), the inner one as a Taylor series. */
  const series = (r: bigint): bigint => {
    const x = r >> BigInt(halvings);
    let sum = ONE;
    for (let term = x, k = 1n; term !== 0n && term !== -1n; term = mul(term, x) / ++k) sum += term;
    for (let i = 0; i < halvings; i++) sum = mul(sum, sum);
    return sum;
  };
  /** Newton's iteration of third order on exp y = m, from an f64; m in [1/2, 2]. */
  const logOf = (m: bigint): bigint => {
    let y = of(Math.log(number(m)));
    for (let precision = 50; precision < bits; precision *= 3) {
      const e = series(y);
      y += div(2n * (m - e), m + e);
    }
    return y;
  };
  /** 2 artanh(1/3) */
  let LN2 = 0n;
  for (let power = (2n * ONE) / 3n, k = 1n; power !== 0n; power /= 9n, k += 2n) LN2 += power / k;

  const log = (a: bigint): bigint => {
    const k = bitLength(a) - bits;
    return BigInt(k) * LN2 + logOf(k > 0 ? a >> BigInt(k) : a << BigInt(-k));
  };
  return {
    of,
    number,
    plus: (a, b) => a + b,
    minus: (a, b) => a - b,
    times: mul,
    over: div,
    exp(a) {
      const k = Math.round(number(a) / Math.LN2);
      if (k < -bits - 2) return 0n;
      const e = series(a - BigInt(k) * LN2);
      return k >= 0 ? e << BigInt(k) : e >> BigInt(-k);
    },
    log,
    log1p: (a) => log(ONE + a),
    expOf(x) {
      const k = Math.round(x / Math.LN2);
      return { m: series(of(x) - BigInt(k) * LN2), k };
    },
    logOf(x) {
      const [m, e] = decompose(x);
      return log(m << BITS) + BigInt(e) * LN2;
    },
    adder() {
      let sum = 0n;
      return { add: (a) => void (sum += a), value: () => sum };
    },
  };
}

// ---- Units ----

/** The distance of two f32 (f64) around y. */
export const ulp = { f32: ulpOf(23, -126), f64: ulpOf(52, -1022) };

function ulpOf(fractionBits: number, least: number): (y: number) => number {
  const powers = Float64Array.from({ length: 2048 }, (_, e) => 2 ** (Math.max(e - 1023, least) - fractionBits));
  return (y) => {
    view.setFloat64(0, y);
    return powers[(view.getUint32(0) >>> 20) & 0x7ff]!;
  };
}

// ---- Philox4x32-10 (Salmon et al. 2011), for the extension words ----

const M0 = 0xd2511f53n,
  M1 = 0xcd9e8d57n,
  WORD = 0xffffffffn;

export function philox(counter: readonly bigint[], key: readonly bigint[]): bigint[] {
  let [c0, c1, c2, c3] = counter as [bigint, bigint, bigint, bigint];
  let [k0, k1] = key as [bigint, bigint];
  for (let round = 0; round < 10; round++) {
    const p0 = M0 * c0,
      p1 = M1 * c2;
    [c0, c1, c2, c3] = [(p1 >> 32n) ^ c1 ^ k0, p1 & WORD, (p0 >> 32n) ^ c3 ^ k1, p0 & WORD];
    k0 = (k0 + 0x9e3779b9n) & WORD;
    k1 = (k1 + 0xbb67ae85n) & WORD;
  }
  return [c0, c1, c2, c3];
}

// ---- Noise ----

/** A point of the uniform distribution: u = v below the median, 1 - v above it, v in (0, 1/2]. */
export interface Quantile<V> {
  readonly upper: boolean;
  readonly v: V;
}

/** Of a word: m = min(x, ~x), v = (m + 1/2) 2^-32. */
export function quantile32(x: number): Quantile<number> {
  const upper = x >= 2 ** 31;
  return { upper, v: ((upper ? 2 ** 32 - 1 - x : x) + 0.5) / 2 ** 32 };
}

/** Of the word x of a flat element: v = (m 2^32 + y + 1/2) 2^-64 where m < 2^8, y the element's extension word. */
export function extended32(x: number, element: number, k0: number, k1: number): Quantile<number> {
  const { upper, v } = quantile32(x),
    m = v * 2 ** 32 - 0.5;
  if (m >= 256) return { upper, v };
  const i = BigInt(element);
  const y = philox([i & WORD, i >> 32n, 0n, 1n], [BigInt(k0), BigInt(k1)])[0]!;
  return { upper, v: (m * 2 ** 32 + Number(y) + 0.5) / 2 ** 64 };
}

/** Of two words, the high one first: v = (m + 1/2) 2^-64, exact in fixed point. */
export function quantile64<V>(a: Arithmetic<V>, high: number, low: number): Quantile<V> {
  const upper = high >= 2 ** 31;
  const m1 = upper ? 2 ** 32 - 1 - high : high,
    m0 = upper ? 2 ** 32 - 1 - low : low;
  return { upper, v: a.plus(a.of(m1 / 2 ** 32), a.of((m0 + 0.5) / 2 ** 64)) };
}

/** -log(1 - u) */
export function exponential<V>(a: Arithmetic<V>, { upper, v }: Quantile<V>): V {
  return a.minus(a.of(0), upper ? a.log(v) : a.log1p(a.minus(a.of(0), v)));
}

/** -log(-log(1 - u)) */
export function gumbel<V>(a: Arithmetic<V>, q: Quantile<V>): V {
  return a.minus(a.of(0), a.log(exponential(a, q)));
}

/** log u - log(1 - u) */
export function logistic<V>(a: Arithmetic<V>, { upper, v }: Quantile<V>): V {
  const logit = a.minus(a.log(v), a.log1p(a.minus(a.of(0), v)));
  return upper ? a.minus(a.of(0), logit) : logit;
}

/** u itself */
export function uniform<V>(a: Arithmetic<V>, { upper, v }: Quantile<V>): V {
  return upper ? a.minus(a.of(1), v) : v;
}

// ---- Rows ----

export function sum<V>(a: Arithmetic<V>, values: Iterable<V>): V {
  const total = a.adder();
  for (const value of values) total.add(value);
  return total.value();
}

/** The greatest of the values and (value - greatest) / T. */
function centre<V>(a: Arithmetic<V>, values: readonly V[], temperature: number): { max: V; z: V[] } {
  const max = values.reduce((m, v) => (v > m ? v : m));
  const t = a.of(temperature);
  return { max, z: values.map((v) => a.over(a.minus(v, max), t)) };
}

interface Softmax<V> {
  readonly z: V[];
  readonly p: V[];
  readonly logP: V[];
  readonly logSumExp: V;
}

export function softmax<V>(a: Arithmetic<V>, x: readonly V[], temperature: number): Softmax<V> {
  const { max, z } = centre(a, x, temperature);
  const e = z.map((v) => a.exp(v));
  // log sum = log1p of the sum without the maximum, whose exponential is 1
  const top = z.indexOf(a.of(0));
  const total = sum(a, e);
  const log = a.log1p(sum(a, e.toSpliced(top, 1)));
  return {
    z,
    p: e.map((v) => a.over(v, total)),
    logP: z.map((v) => a.minus(v, log)),
    logSumExp: a.plus(a.over(max, a.of(temperature)), log),
  };
}

/** [z - t]+: the support is the longest prefix of the sorted z with 1 + k z_k > z_1 + ... + z_k (Martins and Astudillo 2016). */
export function sparsemax<V>(a: Arithmetic<V>, x: readonly V[], temperature: number): V[] {
  const { z } = centre(a, x, temperature);
  const sorted = z.toSorted((u, v) => (u < v ? 1 : u > v ? -1 : 0));
  const total = a.adder();
  let threshold = a.of(0);
  for (let k = 1; k <= sorted.length; k++) {
    const zk = sorted[k - 1]!;
    total.add(zk);
    if (a.plus(a.of(1), a.times(a.of(k), zk)) <= total.value()) break;
    threshold = a.over(a.minus(total.value(), a.of(1)), a.of(k));
  }
  return z.map((v) => (v > threshold ? a.minus(v, threshold) : a.of(0)));
}

const factorials = new WeakMap<object, Map<number, unknown>>();

/** log (n-1)! as a sum of logarithms. */
function logFactorial<V>(a: Arithmetic<V>, n: number): V {
  const known = (factorials.get(a) ?? factorials.set(a, new Map()).get(a)!) as Map<number, V>;
  let value = known.get(n);
  if (value === undefined) {
    const total = a.adder();
    for (let k = 2; k < n; k++) total.add(a.log(a.of(k)));
    known.set(n, (value = total.value()));
  }
  return value;
}

/** The ExpConcrete log-density, and the mean of its absolute terms: what its error is measured by. */
export function expConcreteLogProb<V>(
  a: Arithmetic<V>,
  logY: readonly V[],
  logits: readonly V[],
  temperature: number,
): { value: V; term: number } {
  const n = logits.length,
    t = a.of(temperature);
  const w = logits.map((l, i) => a.minus(l, a.times(t, logY[i]!)));
  const { max, z } = centre(a, w, 1);
  // n log sum exp w = n max + n log sum exp z, and sum w - n max = sum z
  const logSum = a.log(sum(a, z.map((v) => a.exp(v)))); // prettier-ignore
  const constant = [logFactorial(a, n), a.times(a.of(n - 1), a.log(t))];
  const value = sum(a, [...constant, ...z, a.minus(a.of(0), a.times(a.of(n), logSum))]);
  const lse = a.times(a.of(n), a.plus(max, logSum));
  const term = sum(doubles, [...constant, ...w, lse].map((v) => Math.abs(a.number(v)))) / n; // prettier-ignore
  return { value, term };
}
