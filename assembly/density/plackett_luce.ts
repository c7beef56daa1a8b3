import { Constant } from '../constant';
import { Double } from '../math/double';
import { Project } from '../max/project';
import { Scores } from '../max/scores';
import { Row } from '../row';

/** (x - a) / b, -Infinity where x is masked; a and b have been multiplied by c = scale. */
@final
@unmanaged
class Score {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    const v = v128.load(x);
    return Scores.masked<f64>(v, Scores.z<f64>(v, a, b, c));
  }
}

/** exp(x - a) */
@final
@unmanaged
class Exponential {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return Double.exp(f64x2.sub(v128.load(x), a));
  }
}

/** -exp(x - a + b) */
@final
@unmanaged
class Left {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return f64x2.sub(Constant.zero<f64>(), Double.exp(f64x2.add(f64x2.sub(v128.load(x), a), b)));
  }
}

/** x a / b, 0 where y is -Infinity. */
@final
@unmanaged
class Scaled {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    const d = f64x2.div(f64x2.mul(v128.load(x), a), b);
    return v128.and(d, f64x2.ne(v128.load(y), Constant.minusInfinity<f64>()));
  }
}

/** A ranking and its row, in f64. See src/js/density/plackett_luce.ts. */
abstract class Ranking {
  /** log(exp(a) + exp(b)) */
  static logAdd(a: f64, b: f64): f64 {
    const low = a < b ? a : b,
      high = a < b ? b : a;
    return low == -Infinity ? high : high + Double.log1pOf(Double.expOf(low - high));
  }

  /** Where the scores, the tops and the sums of the places lie in scratch, behind z and room for its exponentials. */
  @inline static scores(scratch: usize, n: i32): usize {
    return scratch + ((<usize>n) << 4);
  }

  @inline static tops(scratch: usize, n: i32, k: i32): usize {
    return Ranking.scores(scratch, n) + ((<usize>k) << 3);
  }

  @inline static sums(scratch: usize, n: i32, k: i32): usize {
    return Ranking.tops(scratch, n, k) + ((<usize>k + 1) << 3);
  }

  /** The number of places until -1. */
  static places(ranking: usize, k: i32): i32 {
    let j = 0;
    while (j < k && load<i32>(ranking + ((<usize>j) << 2)) != -1) j++;
    return j;
  }

  /** The log-probability of the ranking of a row. */
  static row(logits: usize, ranking: usize, n: i32, k: i32, temperature: f64, scratch: usize): f64 {
    const max = f64x2.extract_lane(Row.max<f64>(logits, n), 0),
      scale = Scores.scale<f64>(temperature);
    if (!(max < Infinity)) return NaN;
    const s = f64x2.splat(scale);
    Row.each<f64, Score>(logits, logits, scratch, n, f64x2.splat(max * scale), f64x2.splat(temperature * scale), s);
    const places = Ranking.places(ranking, k);
    let scores = Ranking.scores(scratch, n),
      tops = Ranking.tops(scratch, n, k) + ((<usize>places) << 3),
      sums = Ranking.sums(scratch, n, k) + ((<usize>places) << 3);
    for (let j = 0; j < places; j++, ranking += 4, scores += 8) {
      const at = load<i32>(ranking),
        z = scratch + ((<usize>at) << 3);
      if (<u32>at >= <u32>n || !(load<f64>(z) > -Infinity)) return -Infinity;
      store<f64>(scores, load<f64>(z));
      store<f64>(z, -Infinity);
    }
    const greatest = Row.max<f64>(scratch, n);
    let top = f64x2.extract_lane(greatest, 0),
      sum: f64 = 0,
      total: f64 = 0;
    if (top > -Infinity) sum = Double.logOf(Row.total<f64, Exponential>(scratch, scratch, n, greatest));
    store<f64>(tops, top);
    store<f64>(sums, sum);
    for (let j = 0; j < places; j++) {
      scores -= 8;
      tops -= 8;
      sums -= 8;
      const score = load<f64>(scores),
        gap = top - score,
        term = Ranking.logAdd(0, gap + sum);
      total -= term;
      if (gap > 0) {
        sum = Ranking.logAdd(sum, 0 - gap);
      } else {
        top = score;
        sum = term;
      }
      store<f64>(tops, top);
      store<f64>(sums, sum);
    }
    return total;
  }
}

/** dst_r = the log-probability of the ranking of row r under softmax(logits / T) without replacement. */
export function plackett_luce_log_prob(
  logits: usize,
  ranking: usize,
  dst: usize,
  rows: i32,
  n: i32,
  k: i32,
  temperature: f64,
  scratch: usize,
): void {
  for (let r = 0; r < rows; r++) {
    store<f64>(dst, Ranking.row(logits, ranking, n, k, temperature, scratch));
    logits += (<usize>n) << 3;
    ranking += (<usize>k) << 2;
    dst += 8;
  }
}

/** The gradient of d_r times that, by the logits and by T; NaN where it is not finite. */
export function plackett_luce_log_prob_vjp(
  logits: usize,
  ranking: usize,
  d: usize,
  dLogits: usize,
  dTemperature: usize,
  rows: i32,
  n: i32,
  k: i32,
  temperature: f64,
  scratch: usize,
): void {
  const scores = Ranking.scores(scratch, n),
    tops = Ranking.tops(scratch, n, k),
    sums = Ranking.sums(scratch, n, k),
    t = f64x2.splat(temperature);
  for (let r = 0; r < rows; r++) {
    const slope = load<f64>(d);
    if (isFinite(Ranking.row(logits, ranking, n, k, temperature, scratch))) {
      const places = Ranking.places(ranking, k);
      let last: f64 = 0,
        inverse: f64 = -Infinity;
      for (let j: usize = 0; j < (<usize>places) << 3; j += 8) {
        const top = load<f64>(tops + j),
          sum = load<f64>(sums + j);
        const own = Double.expOf(load<f64>(tops + j, 8) - top + (load<f64>(sums + j, 8) - sum));
        store<f64>(sums + j, own - Double.expOf(load<f64>(scores + j) - last + inverse));
        inverse = Ranking.logAdd(top - last + inverse, 0 - sum);
        last = top;
      }
      Row.each<f64, Left>(scratch, scratch, dLogits, n, f64x2.splat(last), f64x2.splat(inverse), t);
      for (let j = 0; j < places; j++) {
        const at = (<usize>load<i32>(ranking + ((<usize>j) << 2))) << 3,
          place = (<usize>j) << 3;
        store<f64>(dLogits + at, load<f64>(sums + place));
        store<f64>(scratch + at, load<f64>(scores + place));
      }
      Row.each<f64, Scaled>(dLogits, scratch, dLogits, n, f64x2.splat(slope), t, t);
      store<f64>(dTemperature, 0 - Project.dot<f64>(dLogits, scratch, n));
    } else {
      Row.fill<f64>(dLogits, n, Row.nan<f64>());
      store<f64>(dTemperature, NaN);
    }
    logits += (<usize>n) << 3;
    ranking += (<usize>k) << 2;
    d += 8;
    dLogits += (<usize>n) << 3;
    dTemperature += 8;
  }
}
