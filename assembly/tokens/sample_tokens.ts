import * as c from '../shared';
import { Lane } from '../lane';
import { Double } from '../math/double';
import { Exponents } from '../math/exponents';
import { Argmax } from '../max/argmax';
import { Scores } from '../max/scores';
import { Exponentials } from '../max/exponentials';
import { Greatest } from '../max/top_k';
import { Row } from '../row';
import { gumbel_max } from '../sample/gumbel_max';
import { Thinned } from '../sample/categorical';
import { Deviation } from './deviation';
import { NoiseOf } from './noise';
import { Regions } from './regions';
import { Left } from './survivors';

abstract class Draw {
  /** The draw from a list. `words`: room for two vectors and what NoiseOf takes. */
  static ofList<T>(left: Left, x: usize, max: T, temperature: T, first: u64, k0: u32, k1: u32, words: usize): i32 {
    const scale = Scores.scale<T>(temperature),
      top = max * scale,
      t = temperature * scale;
    let best: T = -Infinity,
      index = -1;
    for (let j = left.from; j < left.count; j += Lane.width<T>()) {
      const p = Greatest.at<i32>(left.list, j),
        count = min(Lane.width<T>(), left.count - j);
      NoiseOf.words<T>(p, count, first, k0, k1, words);
      for (let lane = 0; lane < count; lane++) {
        const i = load<i32>(Greatest.at<i32>(p, lane)),
          z = (load<T>(Greatest.at<T>(x, i)) * scale - top) / t;
        const score = z - NoiseOf.log<T>(Greatest.at<T>(words, lane), first + i, k0, k1, words + 64);
        if (score < best || (score == best && i > index)) continue;
        best = score;
        index = i;
      }
    }
    return index;
  }

  /** The log-probability of a token among those of a list. */
  static inList<T>(left: Left, x: usize, max: f64, temperature: f64, v: f64): f64 {
    let rest: f64 = 0;
    for (let j = left.from + 1; j < left.count; j += 2) {
      const p = Greatest.at<i32>(left.list, j),
        two = j + 1 < left.count;
      const first = Regions.score(<f64>load<T>(Greatest.at<T>(x, load<i32>(p))), max, temperature);
      let second = first;
      if (two) second = Regions.score(<f64>load<T>(Greatest.at<T>(x, load<i32>(p, 4))), max, temperature);
      const e = Double.exp(f64x2.replace_lane(f64x2.splat(first), 1, second));
      rest += f64x2.extract_lane(e, 0);
      if (two) rest += f64x2.extract_lane(e, 1);
    }
    return Regions.score(v, max, temperature) - Double.log1pOf(rest);
  }

  /** That of a token among those of a row. */
  static inRow<T>(row: usize, n: i32, max: T, temperature: T, v: T, spare: usize): f64 {
    if (temperature == <T>Infinity) return -Double.logOf(<f64>Deviation.count<T>(row, n));
    Exponents.open<T>(temperature);
    const logSum = Exponentials.logSum<T>(row, n, v128.splat<T>(max), temperature, spare);
    return Regions.score(<f64>v, <f64>max, <f64>temperature) - logSum;
  }
}

/** dst_r = the token that gumbel_max draws of row r as truncate leaves it. See src/js/tokens/sample_tokens.ts. */
export function sample_tokens<T>(
  src: usize,
  parameters: usize,
  dst: usize,
  logProb: usize,
  rows: i32,
  n: i32,
  first: f64,
  k0: u32,
  k1: u32,
  scratch: usize,
  words: usize,
): void {
  const left = Left.at<T>(scratch, n);
  for (let r = 0; r < rows; r++) {
    const element = first + <f64>r * <f64>n,
      temperature = <T>Regions.of(parameters, c.DRAW_TEMPERATURE),
      greatest = Thinned.tops<T>(src, Greatest.tops<T>(left.lists, n), n),
      max = v128.extract_lane<T>(greatest, 0);
    let index = max == <T>Infinity ? Argmax.index<T>(src, greatest) : -1,
      logP: f64 = NaN;
    if (isFinite<T>(max)) {
      left.survive<T>(src, max, parameters, Regions.of(parameters, c.TEMPERATURE));
      const count = left.whole ? n : left.count - left.from,
        few = !left.whole && count <= n / c.NOISE_SHARE,
        short = !left.whole && count <= c.MASS_LIST;
      // the row as it is left, where the list does not do
      let row = left.row;
      if (left.whole ? left.from > 0 : !few || (logProb != 0 && !short)) {
        row = left.copy;
        left.write<T>(src, row);
      }
      const best = Greatest.at<i32>(left.list, left.from);
      const top: T = left.whole
        ? v128.extract_lane<T>(Row.max<T>(row, n), 0)
        : load<T>(Greatest.at<T>(src, load<i32>(best))) + 0;
      if (temperature == 0) {
        index = left.whole ? Argmax.index<T>(row, v128.splat<T>(top)) : load<i32>(best);
        logP = 0;
      } else {
        if (few) {
          index = Draw.ofList<T>(left, src, top, temperature, <u64>element, k0, k1, words);
        } else {
          gumbel_max<T>(row, dst, 1, n, temperature, element, k0, k1, left.spare, words);
          index = load<i32>(dst);
        }
        if (logProb != 0) {
          const v = load<T>(Greatest.at<T>(src, index));
          logP = short
            ? Draw.inList<T>(left, src, <f64>top, <f64>temperature, <f64>v)
            : Draw.inRow<T>(row, n, top, temperature, v, left.spare);
        }
      }
    }
    store<i32>(dst, index);
    dst += 4;
    if (logProb != 0) {
      store<T>(logProb, <T>logP);
      logProb += sizeof<T>();
    }
    src += (<usize>n) << alignof<T>();
    parameters += 8 * c.PARAMETERS;
  }
}
