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
export function decompose(x: number): [bigint, number] {
  view.setFloat64(0, x);
  const raw = view.getBigUint64(0);
  const biased = Number((raw >> 52n) & 0x7ffn);
  const fraction = raw & 0xfffffffffffffn;
  const m = biased === 0 ? fraction : fraction | 0x10000000000000n;
  return [x < 0 ? -m : m, Math.max(biased, 1) - 1075];
}

export function bitLength(a: bigint): number {
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
