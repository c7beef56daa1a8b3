import { Constant } from '../constant';
import { Four } from '../four';
import { Double } from '../math/double';
import { Exponents } from '../math/exponents';
import { Exponentials } from '../max/softmax';
import { Row } from '../row';

/** x (a - y), 0 where x is. */
@final
@unmanaged
class Drop {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    const e = v128.load(x);
    return v128.and(v128.mul<T>(e, v128.sub<T>(a, v128.load(y))), v128.ne<T>(e, Constant.zero<T>()));
  }
}

abstract class Entropy {
  /** Of a row with finite maximum. `scratch`: room for the row. See src/js/density/categorical.ts. */
  static row<T>(x: usize, n: i32, max: v128, scratch: usize): f64 {
    const at = Row.find<T>(x, max),
      v = v128.load(at);
    v128.store(at, Row.without<T>(v, max));
    const second = Entropy.max<T>(x, n),
      next = <f64>v128.extract_lane<T>(second, 0);
    let rest: f64 = 0,
      scale: f64 = 0;
    if (next - next == 0) {
      rest = Exponentials.sum<T>(x, scratch, n, second, 1);
      scale = Double.expOf(next - <f64>v128.extract_lane<T>(max, 0)) / Exponentials.ofMax<T>(second);
    }
    v128.store(at, v);
    if (next - next != 0) return next == -Infinity ? 0 : NaN;
    rest *= scale;
    // far below the maximum the differences may overflow, and count for nothing
    if (scale == 0) return rest;
    return Double.log1pOf(rest) + (Row.total<T, Drop>(scratch, x, n, max) * scale) / (1 + rest);
  }

  /** The maximum of a row. */
  @inline static max<T>(x: usize, n: i32): v128 {
    const max = Row.top<T>(x, n);
    return Exponents.reach<T>(max) ? max : Row.max<T>(x, n);
  }

  /** Of two of four rows, from the sums of their exponentials and of what those lose. */
  @inline static two(rests: usize, drops: usize, n: i32, max: v128, second: v128): v128 {
    const one = Constant.one<f64>(),
      gap = f64x2.sub(f64x2.promote_low_f32x4(second), f64x2.promote_low_f32x4(max)),
      scale = f64x2.div(Double.exp(gap), f64x2.promote_low_f32x4(Exponents.ofMax<f32>(second))),
      rest = f64x2.mul(Four.sum(rests, n), scale);
    const drop = f64x2.mul(Four.sum(drops, n), scale);
    return f64x2.add(Double.log1p(rest), f64x2.div(drop, f64x2.add(one, rest)));
  }

  /** Of four rows side by side at p; false, and nothing done, if one is not within reach. Behind p is room for two rows more. */
  static four(p: usize, dst: usize, n: i32, max: v128): bool {
    if (!Exponents.reach<f32>(max)) return false;
    const vectors = Four.vectors(n),
      e = p + ((<usize>vectors) << 4),
      rests = e + ((<usize>vectors) << 4),
      drops = rests + 128;
    Four.without(p, e, vectors, max);
    let second = Constant.minusInfinity<f32>();
    for (let q = e; q < rests; q += 16) second = f32x4.pmax(second, v128.load(q));
    if (!Exponents.reach<f32>(second)) return false;
    Exponentials.powers(e, vectors, second);
    Four.addUp(e, vectors, rests);
    Row.map<f32, Drop>(e, p, e, 4 * vectors, max);
    Four.addUp(e, vectors, drops);
    const low = Entropy.two(rests, drops, n, max, second),
      high = Entropy.two(rests + 8, drops + 8, n, Four.others(max), Four.others(second));
    v128.store(dst, Four.singles(low, high));
    return true;
  }
}

/** dst_r = the entropy of softmax(src_r). `scratch`: room for a row, or for four short ones three times. */
export function categorical_entropy<T>(src: usize, dst: usize, rows: i32, n: i32, scratch: usize): void {
  const row = (<usize>n) << alignof<T>(),
    fours = sizeof<T>() == 4 && Four.takes(n) ? rows & ~3 : 0;
  Exponents.open<T>(1);
  for (let r = 0; r < rows; r++) {
    if (sizeof<T>() == 4 && r < fours && (r & 3) == 0) {
      if (Entropy.four(scratch, dst, n, Four.open(src, scratch, n))) {
        r += 3;
        src += 4 * row;
        dst += 16;
        continue;
      }
    }
    const max = Entropy.max<T>(src, n);
    store<T>(dst, isFinite<T>(v128.extract_lane<T>(max, 0)) ? <T>Entropy.row<T>(src, n, max, scratch) : <T>NaN);
    src += row;
    dst += sizeof<T>();
  }
}
