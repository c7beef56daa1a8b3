import { Constant } from '../constant';
import { Four } from '../four';
import { Exponents } from '../math/exponents';
import { Row } from '../row';
import { Exponentials } from './exponentials';
import { Maxes } from './maxes';
import { Scores } from './scores';

/** (x - max) / T. a = max and b = T, multiplied by c as x is. */
@final
@unmanaged
class Score {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return Scores.z<T>(v128.load(x), a, b, c);
  }
}

/** x - a. */
@final
@unmanaged
class Less {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return v128.sub<T>(v128.load(x), a);
  }
}

/** (x - max) / T - log sum. a = max, b = 1 / T, c = log sum. */
@final
@unmanaged
class LogShifted {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return v128.sub<T>(v128.mul<T>(v128.sub<T>(v128.load(x), a), b), c);
  }
}

@final
@unmanaged
class LogSoftmax {
  @inline hot<T>(): T {
    return 0;
  }

  @inline cold<T>(): T {
    return -Infinity;
  }

  @inline row<T>(x: usize, dst: usize, n: i32, max: v128, temperature: T, scratch: usize, alpha: f64): void {
    const logSum = v128.splat<T>(<T>Exponentials.logSum<T>(x, n, max, temperature, scratch));
    const scale = Scores.scale<T>(temperature),
      c = v128.splat<T>(scale);
    Row.each<T, Score>(x, x, dst, n, v128.mul<T>(max, c), v128.splat<T>(temperature * scale), c);
    Row.each<T, Less>(dst, dst, dst, n, logSum);
  }

  @inline reached<T>(x: usize, dst: usize, n: i32, max: v128, temperature: T, scratch: usize): void {
    const logSum = v128.splat<T>(<T>Exponentials.logSum<T>(x, n, max, temperature, scratch));
    Row.each<T, LogShifted>(x, x, dst, n, max, v128.splat<T>(<T>(1 / temperature)), logSum);
  }

  @inline four(p: usize, n: i32, max: v128, temperature: f32, alpha: f64): void {
    const sums = Exponentials.four(p, n, max, temperature);
    const low = Exponentials.logSums(sums, n, max),
      high = Exponentials.logSums(sums + 8, n, Four.others(max));
    Four.map<LogShifted>(p, Four.vectors(n), max, f32x4.splat(1 / temperature), Four.singles(low, high));
  }
}

/** dst = log softmax(src / T), row by row. `scratch`: room for a row. */
export function log_softmax<T>(src: usize, dst: usize, rows: i32, n: i32, temperature: T, scratch: usize): void {
  Maxes.forward<T, LogSoftmax>(src, dst, rows, n, temperature, scratch, 1);
}

abstract class LogSumExp {
  /** max / T + logSum of two of four rows. */
  @inline static two(sums: usize, n: i32, max: v128, t: v128): v128 {
    return f64x2.add(f64x2.div(f64x2.promote_low_f32x4(max), t), Exponentials.logSums(sums, n, max));
  }
}

/** (x + 0) / a: of one element, -0 as 0. */
@final
@unmanaged
class Alone {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return v128.div<T>(v128.add<T>(v128.load(x), Constant.zero<T>()), a);
  }
}

/** dst_r = log sum exp(src_r / T), 0 < T < Infinity. `scratch`: room for a row. */
export function log_sum_exp<T>(src: usize, dst: usize, rows: i32, n: i32, temperature: T, scratch: usize): void {
  if (n == 1) {
    Row.each<T, Alone>(src, src, dst, rows, v128.splat<T>(temperature));
    return;
  }
  const row = (<usize>n) << alignof<T>(),
    fours = sizeof<T>() == 4 && Four.takes(n) ? rows & ~3 : 0,
    t = f64x2.splat(<f64>temperature);
  Exponents.open<T>(temperature);
  for (let r = 0; r < rows; r++) {
    if (sizeof<T>() == 4 && r < fours && (r & 3) == 0) {
      const max = Four.open(src, scratch, n);
      if (Exponents.reach<f32>(max)) {
        const sums = Exponentials.four(scratch, n, max, <f32>temperature);
        v128.store(dst, Four.singles(LogSumExp.two(sums, n, max, t), LogSumExp.two(sums + 8, n, Four.others(max), t)));
        r += 3;
        src += 4 * row;
        dst += 16;
        continue;
      }
    }
    let max = Row.top<T>(src, n);
    if (!Exponents.reach<T>(max)) max = Row.max<T>(src, n);
    let y = v128.extract_lane<T>(max, 0);
    if (isFinite<T>(y)) y = <T>(<f64>y / <f64>temperature + Exponentials.logSum<T>(src, n, max, temperature, scratch));
    store<T>(dst, y);
    src += row;
    dst += sizeof<T>();
  }
}
