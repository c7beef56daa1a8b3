import { Exponents } from '../math/exponents';
import { Argmax } from '../max/argmax';
import { Exponentials } from '../max/softmax';
import { Draws } from '../random/draws';
import { Row } from '../row';

/** The cumulative sums of a row and a guide into them. See src/js/sample/categorical_table.ts. */
abstract class Table {
  /** The index where the search for u begins. */
  @inline static guide(table: usize, n: i32, k: i32): usize {
    return table + 8 + ((<usize>n) << 3) + ((<usize>k) << 2);
  }

  /** Makes the weights into cumulative sums; the last class with a weight and the guide go with them. */
  @inline static build<T>(table: usize, weights: usize, n: i32): void {
    const sums = table + 8;
    let total: f64 = 0,
      last = -1;
    for (let i = 0; i < n; i++) {
      const weight = <f64>load<T>(weights + ((<usize>i) << alignof<T>()));
      if (weight > 0) last = i;
      total += weight;
      store<f64>(sums + ((<usize>i) << 3), total);
    }
    store<f64>(table, last);
    const step = total / n;
    for (let k = 0, i = 0; k < n; k++) {
      const target = k * step;
      while (i < last && target >= load<f64>(sums + ((<usize>i) << 3))) i++;
      store<i32>(Table.guide(table, n, k), i);
    }
  }

  /** The first class whose cumulative sum is above u of the total. */
  @inline static find(table: usize, n: i32, last: i32, u: f64): i32 {
    const sums = table + 8;
    const target = u * load<f64>(sums + ((<usize>n - 1) << 3));
    let i = load<i32>(Table.guide(table, n, <i32>(u * n)));
    while (i < last && target >= load<f64>(sums + ((<usize>i) << 3))) i++;
    while (i > 0 && target < load<f64>(sums + ((<usize>i - 1) << 3))) i--;
    return i;
  }
}

/** dst = the table of each row of logits, of 8 + 12 n bytes rounded up to 16. */
export function categorical_table<T>(src: usize, dst: usize, rows: i32, n: i32, temperature: T): void {
  // the weights lie where the indices come to lie, or the sums, of as many bytes
  const offset: usize = sizeof<T>() == 4 ? 8 + ((<usize>n) << 3) : 8;
  Exponents.open<T>(temperature);
  for (let r = 0; r < rows; r++) {
    const top = Row.max<T>(src, n),
      max = v128.extract_lane<T>(top, 0);
    if (temperature > 0 && isFinite<T>(max)) {
      Exponentials.sum<T>(src, dst + offset, n, top, temperature);
      Table.build<T>(dst, dst + offset, n);
    } else {
      // one class, whatever the words: as -2 - index, and -1 for none
      store<f64>(dst, max > -Infinity ? -2 - Argmax.index<T>(src, top) : -1);
    }
    src += (<usize>n) << alignof<T>();
    dst += (<usize>n * 12 + 23) & ~15;
  }
}

/** dst = `draws` classes of each row from its table. `scratch`: 64 bytes. */
export function categorical_lookup(
  table: usize,
  dst: usize,
  rows: i32,
  n: i32,
  draws: i32,
  first: f64,
  k0: u32,
  k1: u32,
  scratch: usize,
): void {
  let draw = <u64>first,
    block = u64.MAX_VALUE;
  for (let r = 0; r < rows; r++) {
    const last = <i32>load<f64>(table);
    for (let d = 0; d < draws; d++, draw++, dst += 4) {
      if (draw >> 2 != block) {
        block = draw >> 2;
        Draws.first(scratch, block << 2, k0, k1);
      }
      const u = Draws.uniform(scratch + (((<usize>draw) & 3) << 2));
      store<i32>(dst, last >= 0 ? Table.find(table, n, last, u) : last == -1 ? -1 : -2 - last);
    }
    table += (<usize>n * 12 + 23) & ~15;
  }
}
