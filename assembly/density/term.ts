import { Constant } from '../constant';
import { Lane } from '../lane';
import { Double } from '../math/double';
import { BinConcrete } from './bin_concrete';
import { Concrete } from './concrete';
import { Either } from './either';

/** log p - log q of rows of relaxed samples, in f64. See src/js/density/term.ts. */
function rowwise(
  y: usize,
  logits: usize,
  prior: usize,
  dst: usize,
  rows: i32,
  n: i32,
  temperature: f64,
  priorTemperature: f64,
  scratch: usize,
  single: bool,
): void {
  const width = (<usize>n) << (single ? 2 : 3),
    own = Concrete.constant(n, temperature),
    other = Concrete.constant(n, priorTemperature);
  for (let r = 0; r < rows; r++) {
    const p = Concrete.logProb(y, prior, n, priorTemperature, other, scratch, single, false),
      q = Concrete.logProb(y, logits, n, temperature, own, scratch, single, false);
    Either.store(dst, r, p - q, single);
    y += width;
    logits += width;
    prior += width;
  }
}

/** dst_r = log p - log q at row r of y, densities of ExpConcrete: q with `logits` and `temperature`, p with the others. */
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
  rowwise(y, logits, prior, dst, rows, n, temperature, priorTemperature, scratch, sizeof<T>() == 4);
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
