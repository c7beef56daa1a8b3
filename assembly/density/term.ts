import { Constant } from '../constant';
import { Lane } from '../lane';
import { Double } from '../math/double';
import { BinConcrete } from './bin_concrete';
import { Concrete } from './concrete';
import { Either } from './either';

/** log p - log q of relaxed samples, in f64. See src/js/density/term.ts. */
abstract class Term {
  /** Of rows whose elements are finite; NaN of others. q has the logits a and T = t, p has b and s. */
  static row(l: usize, a: usize, b: usize, n: i32, t: f64, s: f64): f64 {
    const tq = f64x2.splat(t),
      tp = f64x2.splat(s),
      zero = Constant.zero<f64>(),
      end = (<usize>n) << 3;
    let topQ = Constant.minusInfinity<f64>(),
      topP = topQ,
      wrong = zero;
    for (let i: usize = 0; i < end; i += 16) {
      const v = v128.load(l + i),
        inRow = Lane.upTo<f64>(end - i);
      const q = f64x2.sub(v128.load(a + i), f64x2.mul(tq, v)),
        p = f64x2.sub(v128.load(b + i), f64x2.mul(tp, v));
      topQ = f64x2.pmax(topQ, Lane.select(inRow, q, topQ));
      topP = f64x2.pmax(topP, Lane.select(inRow, p, topP));
      wrong = v128.or(wrong, v128.and(inRow, v128.or(f64x2.sub(q, q), f64x2.sub(p, p))));
    }
    if (v128.any_true(wrong)) return NaN;
    topQ = Lane.max<f64>(topQ);
    topP = Lane.max<f64>(topP);
    let sum = zero,
      sumQ = zero,
      sumP = zero;
    for (let i: usize = 0; i < end; i += 16) {
      const v = v128.load(l + i),
        inRow = Lane.upTo<f64>(end - i);
      const q = f64x2.sub(f64x2.sub(v128.load(a + i), f64x2.mul(tq, v)), topQ),
        p = f64x2.sub(f64x2.sub(v128.load(b + i), f64x2.mul(tp, v)), topP);
      sum = f64x2.add(sum, v128.and(f64x2.sub(p, q), inRow));
      sumQ = f64x2.add(sumQ, v128.and(Double.exp(q), inRow));
      sumP = f64x2.add(sumP, v128.and(Double.exp(p), inRow));
    }
    const logs = <f64>(n - 1) * (Double.logOf(s) - Double.logOf(t));
    return logs + (Lane.sum(sum) - <f64>n * (Double.logOf(Lane.sum(sumP)) - Double.logOf(Lane.sum(sumQ))));
  }

  /** Terms of rows; see exp_concrete_term. */
  static rows(
    y: usize,
    logits: usize,
    prior: usize,
    dst: usize,
    rows: i32,
    n: i32,
    t: f64,
    s: f64,
    scratch: usize,
    single: bool,
  ): void {
    const shift = single ? 2 : 3,
      width = (<usize>n) << shift;
    const l = Concrete.place(scratch, n, 2),
      a = Concrete.place(scratch, n, 3),
      b = Concrete.place(scratch, n, 0);
    for (let r = 0; r < rows; r++) {
      Either.widen(y, l, n, single);
      Either.widen(logits, a, n, single);
      Either.widen(prior, b, n, single);
      let term = Term.row(l, a, b, n, t, s);
      if (term != term) {
        term = Concrete.row(l, b, n, s, scratch, false);
        term -= Concrete.row(l, a, n, t, scratch, false);
      }
      Either.store(dst, term, single);
      y += width;
      logits += width;
      prior += width;
      dst += (<usize>1) << shift;
    }
  }
}

/**
 * dst_r = log p - log q at row r of y, densities of ExpConcrete: q with `logits` and `temperature`, p with the others.
 * `scratch`: room for 4 n + 12 f64.
 */
export function exp_concrete_term<T>(
  y: usize,
  logits: usize,
  prior: usize,
  dst: usize,
  rows: i32,
  n: i32,
  temperature: T,
  priorTemperature: T,
  scratch: usize,
): void {
  Term.rows(y, logits, prior, dst, rows, n, temperature, priorTemperature, scratch, sizeof<T>() == 4);
}

/** dst = the same of bits in logit space, element by element. */
export function logit_bin_concrete_term<T>(
  z: usize,
  logits: usize,
  prior: usize,
  dst: usize,
  count: i32,
  temperature: T,
  priorTemperature: T,
): void {
  const tq = f64x2.splat(temperature),
    tp = f64x2.splat(priorTemperature),
    logQ = Double.log(tq),
    logP = Double.log(tp),
    one = Constant.one<f64>();
  for (let i = 0; i < count; i += 2) {
    const at = (<usize>i) << alignof<T>();
    const v = Double.load<T>(z + at),
      a = Double.load<T>(logits + at),
      b = Double.load<T>(prior + at);
    // all mass at z: what gives a density of 0
    const massQ = BinConcrete.atMass<f64>(v, a),
      massP = BinConcrete.atMass<f64>(v, b);
    const q = f64x2.abs(f64x2.sub(a, f64x2.mul(tq, v))),
      p = f64x2.abs(f64x2.sub(b, f64x2.mul(tp, v))),
      apart = f64x2.sub(Lane.select(massQ, logQ, q), Lane.select(massP, logP, p));
    const e = f64x2.add(one, v128.andnot(Double.exp(f64x2.neg(q)), massQ)),
      f = f64x2.add(one, v128.andnot(Double.exp(f64x2.neg(p)), massP)),
      tails = Double.log(f64x2.div(e, f));
    const term = f64x2.add(f64x2.add(f64x2.sub(logP, logQ), apart), f64x2.add(tails, tails));
    Double.store<T>(dst + at, term, count - i);
  }
}
