import * as c from '../shared';
import { Constant } from '../constant';
import { Double } from '../math/double';
import { Exponents } from '../math/exponents';
import { Scores } from '../max/scores';
import { Exponentials } from '../max/exponentials';
import { Row } from '../row';

/** -a x, 0 where y is -Infinity. */
@final
@unmanaged
class Less {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    const d = f64x2.sub(Constant.zero<f64>(), f64x2.mul(v128.load(x), a));
    return v128.and(d, f64x2.ne(v128.load(y), Constant.minusInfinity<f64>()));
  }
}

/** x (y - a) / b, 0 where x is; a and b have been multiplied by c = scale. */
@final
@unmanaged
class Moment {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    const v = v128.load(x);
    return v128.and(f64x2.mul(v, Scores.z<f64>(v128.load(y), a, b, c)), f64x2.ne(v, Constant.zero<f64>()));
  }
}

/** A ranking and its row, in f64. See src/js/density/plackett_luce.ts. */
abstract class Ranking {
  /** Where the logits, the tops and the sums of the places lie in scratch, behind what is left of the row and its exponentials. */
  @inline static exponentials(scratch: usize, n: i32): usize {
    return scratch + ((<usize>n) << 3);
  }

  @inline static logits(scratch: usize, n: i32): usize {
    return scratch + ((<usize>n) << 4);
  }

  @inline static tops(scratch: usize, n: i32, k: i32): usize {
    return Ranking.logits(scratch, n) + ((<usize>k) << 3);
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

  /** (a - b) / T */
  static gap(a: f64, b: f64, temperature: f64): f64 {
    const scale = Scores.scale<f64>(temperature);
    return (a * scale - b * scale) / (temperature * scale);
  }

  /** The log-probability of the ranking of a row. */
  static row(logits: usize, ranking: usize, n: i32, k: i32, temperature: f64, scratch: usize): f64 {
    memory.copy(scratch, logits, (<usize>n) << 3);
    const places = Ranking.places(ranking, k);
    let wrong: bool = false,
      ranked = Ranking.logits(scratch, n),
      tops = Ranking.tops(scratch, n, k) + ((<usize>places) << 3),
      sums = Ranking.sums(scratch, n, k) + ((<usize>places) << 3);
    for (let j = 0; j < places; j++, ranking += 4, ranked += 8) {
      const at = load<i32>(ranking),
        x = scratch + ((<usize>at) << 3);
      wrong = <u32>at >= <u32>n || !isFinite(load<f64>(x));
      if (wrong) break;
      store<f64>(ranked, load<f64>(x));
      store<f64>(x, -Infinity);
    }
    const greatest = Row.max<f64>(scratch, n);
    let top = f64x2.extract_lane(greatest, 0),
      sum: f64 = 0,
      odds: f64 = 0,
      total: f64 = 0;
    // what is not finite has stayed where it was
    if (!(top < Infinity)) return NaN;
    if (wrong) return -Infinity;
    if (top > -Infinity) {
      sum = Exponentials.sum<f64>(scratch, Ranking.exponentials(scratch, n), n, greatest, temperature);
      sum /= Exponentials.ofMax<f64>(greatest);
    }
    store<f64>(tops, top);
    store<f64>(sums, sum);
    for (let j = 0; j < places; j++) {
      ranked -= 8;
      tops -= 8;
      sums -= 8;
      const x = load<f64>(ranked),
        gap = Ranking.gap(top, x, temperature),
        e = Double.expOf(0 - abs(gap));
      let rest = sum * e;
      if (gap > 0) {
        rest = sum / e;
        if (gap > c.RANKING_FAR) {
          total -= gap + Double.logOf(sum);
          rest = 0;
        }
        sum += e;
      } else {
        top = x;
        sum = 1 + rest;
      }
      odds += rest + odds * rest;
      if (odds > c.RANKING_ODDS) {
        total -= Double.log1pOf(odds);
        odds = 0;
      }
      store<f64>(tops, top);
      store<f64>(sums, sum);
    }
    return total - Double.log1pOf(odds);
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
  Exponents.open<f64>(temperature);
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
  const exponentials = Ranking.exponentials(scratch, n),
    ranked = Ranking.logits(scratch, n),
    tops = Ranking.tops(scratch, n, k),
    sums = Ranking.sums(scratch, n, k),
    scale = Scores.scale<f64>(temperature);
  Exponents.open<f64>(temperature);
  for (let r = 0; r < rows; r++) {
    const slope = load<f64>(d);
    if (isFinite(Ranking.row(logits, ranking, n, k, temperature, scratch))) {
      const places = Ranking.places(ranking, k);
      let inverse: f64 = 0;
      for (let j: usize = 0; j < (<usize>places) << 3; j += 8) {
        const top = load<f64>(tops + j),
          sum = load<f64>(sums + j),
          next = Double.expOf(Ranking.gap(load<f64>(tops + j, 8), top, temperature));
        const share = Double.expOf(Ranking.gap(load<f64>(ranked + j), top, temperature)) * inverse;
        store<f64>(sums + j, ((next * (load<f64>(sums + j, 8) / sum) - share) * slope) / temperature);
        inverse = (inverse + 1 / sum) * next;
      }
      const most = Exponentials.ofMax<f64>(v128.load64_splat(tops + ((<usize>places) << 3)));
      Row.each<f64, Less>(exponentials, logits, dLogits, n, f64x2.splat((inverse * slope) / temperature / most));
      for (let j = 0; j < places; j++) {
        const at = (<usize>load<i32>(ranking + ((<usize>j) << 2))) << 3;
        store<f64>(dLogits + at, load<f64>(sums + ((<usize>j) << 3)));
      }
      const max = f64x2.mul(Row.max<f64>(logits, n), f64x2.splat(scale)),
        t = f64x2.splat(temperature * scale);
      Row.each<f64, Moment>(dLogits, logits, exponentials, n, max, t, f64x2.splat(scale));
      store<f64>(dTemperature, 0 - Exponentials.add<f64>(exponentials, n));
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
