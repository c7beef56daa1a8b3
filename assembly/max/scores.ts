import { Constant } from '../constant';
import { Lane } from '../lane';
import { Row } from '../row';

/** (x - max) / T + g, -Infinity for a masked x at every T. x: logits, y: g; a = max and b = T, multiplied by c = scale. */
@final
@unmanaged
class Perturbed {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    const v = v128.load(x);
    return Scores.masked<T>(v, v128.add<T>(Scores.z<T>(v, a, b, c), v128.load(y)));
  }
}

/** The scores of samples. See src/js/max/scores.ts. */
export abstract class Scores {
  @inline static scale<T>(temperature: T): T {
    return temperature > 1 ? <T>0.5 : <T>1;
  }

  /** (v - max) / T of what is not masked. */
  @inline static z<T>(v: v128, max: v128, t: v128, scale: v128): v128 {
    return v128.div<T>(v128.sub<T>(v128.mul<T>(v, scale), max), t);
  }

  /** The scores s of v, -Infinity where it is masked. */
  @inline static masked<T>(v: v128, s: v128): v128 {
    const low = Constant.minusInfinity<T>();
    return Lane.select(v128.gt<T>(v, low), s, low);
  }

  /** s = the perturbed scores of a row over the noise s. */
  static perturb<T>(x: usize, s: usize, n: i32, max: v128, temperature: T): void {
    const scale = Scores.scale<T>(temperature),
      c = v128.splat<T>(scale);
    Row.each<T, Perturbed>(x, s, s, n, v128.mul<T>(max, c), v128.splat<T>(temperature * scale), c);
  }
}
