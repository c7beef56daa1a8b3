import * as c from '../shared';
import { Row } from '../row';

/** (x b - a) c. */
@final
@unmanaged
class Shifted {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return v128.mul<T>(v128.sub<T>(v128.mul<T>(v128.load(x), b), a), c);
  }
}

/** The scores of a temperature that is far from 1. See src/js/max/rescale.ts. */
export abstract class Rescale {
  @inline static takes<T>(temperature: T): bool {
    return !(temperature >= <T>c.RESCALE_BELOW && temperature <= <T>c.RESCALE_ABOVE);
  }

  static down<T>(temperature: T): T {
    return temperature > <T>c.RESCALE_ABOVE ? <T>0.25 : 1;
  }

  static factor<T>(temperature: T): T {
    if (!Rescale.takes<T>(temperature)) return 1;
    return temperature > 1 ? <T>c.LEAST_SCALE : <T>c.GREATEST_SCALE;
  }

  /** The temperature of the rescaled scores. */
  static temperature<T>(temperature: T): T {
    return temperature * Rescale.down<T>(temperature) * Rescale.factor<T>(temperature);
  }

  /** dst = (x - max) times the same powers of two, of a row or of four side by side; returns dst. */
  static row<T>(x: usize, dst: usize, n: i32, max: v128, temperature: T): usize {
    const down = v128.splat<T>(Rescale.down<T>(temperature));
    Row.each<T, Shifted>(x, x, dst, n, v128.mul<T>(max, down), down, v128.splat<T>(Rescale.factor<T>(temperature)));
    return dst;
  }
}
