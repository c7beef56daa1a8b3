import { Four } from '../four';
import { Exponents } from '../math/exponents';
import { Row } from '../row';
import { Exponentials } from './exponentials';
import { log_softmax } from './log_softmax';

/**
 * dst_r = log softmax(src_r / T) at a class index, with `op` 1 the loss of softmax; NaN for an index outside [0, n). See
 * src/js/max/log_softmax_at.ts. `scratch`: room for two rows.
 */
export function log_softmax_at<T>(
  src: usize,
  indices: usize,
  dst: usize,
  op: i32,
  rows: i32,
  n: i32,
  temperature: T,
  scratch: usize,
): void {
  const shift = alignof<T>(),
    row = (<usize>n) << shift,
    fours = sizeof<T>() == 4 && Four.takes(n) ? rows & ~3 : 0,
    perT = <T>(1 / temperature),
    logs = scratch + 16,
    room = scratch + 32;
  Exponents.open<T>(temperature);
  for (let r = 0; r < rows;) {
    let some = 1,
      within: bool = false;
    if (sizeof<T>() == 4 && r < fours && (r & 3) == 0) {
      const max = Four.open(src, room, n);
      within = Exponents.reach<f32>(max);
      if (within) {
        const sums = Exponentials.four(room, n, max, <f32>temperature);
        some = 4;
        v128.store(scratch, max);
        v128.store(
          logs,
          Four.singles(Exponentials.logSums(sums, n, max), Exponentials.logSums(sums + 8, n, Four.others(max))),
        );
      }
    }
    if (!within) {
      const max = Row.top<T>(src, n);
      within = Exponents.reach<T>(max);
      if (within) {
        v128.store(scratch, max);
        store<T>(logs, <T>Exponentials.logSum<T>(src, n, max, temperature, room));
      } else {
        log_softmax<T>(src, room, 1, n, temperature, room + row + 32);
      }
    }
    for (let i: usize = 0; i < <usize>some; i++) {
      const at = load<i32>(indices),
        own = (<usize>at) << shift;
      let y = <T>NaN;
      if (<u32>at < <u32>n) {
        y = within
          ? <T>(<T>(load<T>(src + own) - load<T>(scratch + (i << shift))) * perT) - load<T>(logs + (i << shift))
          : load<T>(room + own);
      }
      store<T>(dst, op ? 0 - y : y);
      src += row;
      indices += 4;
      dst += sizeof<T>();
    }
    r += some;
  }
}
