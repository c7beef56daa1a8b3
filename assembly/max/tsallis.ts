import * as c from '../shared';
import { Constant } from '../constant';
import { Lane } from '../lane';
import { Double } from '../math/double';
import { log } from '../math/log';
import { Row } from '../row';

/** sqrt x. */
@final
@unmanaged
class Root {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return v128.sqrt<T>(v128.load(x));
  }
}

/** 1 where x is positive, x elsewhere. */
@final
@unmanaged
class Inside {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    const p = v128.load(x);
    return Lane.select(v128.gt<T>(p, Constant.zero<T>()), Constant.one<T>(), p);
  }
}

/** (x / b)^a of f64, as far as that goes. */
@final
@unmanaged
class Power {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    return f64x2.pmin(Tsallis.power(f64x2.div(v128.load(x), b), a), Constant.greatest<f64>());
  }
}

/** The weights (p / by)^e of a row, at s if they are not p itself: returns where. See src/js/max/tsallis.ts. */
export function weigh<T>(p: usize, s: usize, n: i32, e: f64, by: f64): usize {
  if (e == 1) return p;
  if (e == 0.5) Row.each<T, Root>(p, p, s, n);
  else if (e == 0) Row.each<T, Inside>(p, p, s, n);
  else if (sizeof<T>() == 8) Row.each<f64, Power>(p, p, s, n, f64x2.splat(e), f64x2.splat(by));
  return s;
}

/** The logarithms of row r at p, which are made for as many rows as `at` takes. See src/js/max/tsallis.ts. */
export function logsOf<T>(p: usize, at: usize, r: i32, rows: i32, n: i32): usize {
  const block = max(1, c.LOGS / (n << alignof<T>())),
    k = r % block;
  if (k == 0) log<T>(p, at, min(block, rows - r) * n);
  return at + ((<usize>(k * n)) << alignof<T>());
}

/** Powers of the Tsallis entropies. */
export abstract class Tsallis {
  /** p^e for p > 0; 0 and NaN stay. */
  @inline static power(p: v128, e: v128): v128 {
    const exponent = f64x2.extract_lane(e, 0);
    let y: v128;
    if (exponent == 0.75) {
      const root = f64x2.sqrt(p);
      y = f64x2.mul(root, f64x2.sqrt(root));
    } else {
      y = exponent > 0.5 ? f64x2.mul(p, Double.pow(p, f64x2.sub(e, Constant.one<f64>()))) : Double.pow(p, e);
    }
    return Lane.select(f64x2.gt(p, Constant.zero<f64>()), y, p);
  }

  /** (p^d - 1) / d, log p where d is 0, of f32 for d = 1/2 and 1 alone. */
  @inline static slope<T>(p: v128, d: v128): v128 {
    const exponent = <f64>v128.extract_lane<T>(d, 0),
      one = Constant.one<T>();
    const change = v128.sub<T>(p, one);
    if (exponent == 1) return v128.or(change, v128.lt<T>(p, Constant.zero<T>()));
    if (exponent == 0.5) return v128.div<T>(v128.add<T>(change, change), v128.add<T>(v128.sqrt<T>(p), one));
    if (sizeof<T>() == 4) return p;
    const log = Double.log(p);
    return exponent == 0 ? log : f64x2.div(Double.expm1(f64x2.mul(d, log)), d);
  }
}
