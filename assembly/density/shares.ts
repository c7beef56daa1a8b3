import { Argmax } from '../max/argmax';
import { Exponentials } from '../max/exponentials';
import { Row } from '../row';

/** Exponentials of a row, for what goes on in f64 whatever the dtype. */
export abstract class Shares {
  /** The exponentials at `e`, before them their sum and that of the maximum; the index of the greatest, -1 if it is not finite. */
  static open<T>(x: usize, e: usize, n: i32): i32 {
    const max = Row.max<T>(x, n);
    if (!isFinite<T>(v128.extract_lane<T>(max, 0))) return -1;
    store<f64>(e - 16, Exponentials.sum<T>(x, e, n, max, 1));
    store<f64>(e - 8, Exponentials.ofMax<T>(max));
    return Argmax.index<T>(x, max);
  }

  /** The greatest element. */
  static top<T>(x: usize, n: i32): f64 {
    return <f64>v128.extract_lane<T>(Row.max<T>(x, n), 0);
  }
}
