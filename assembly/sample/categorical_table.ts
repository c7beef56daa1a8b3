import { Constant } from '../constant';
import { Lane } from '../lane';
import { Exponents } from '../math/exponents';
import { Argmax } from '../max/argmax';
import { Exponentials } from '../max/exponentials';
import { Draws } from '../random/draws';
import { Row } from '../row';

/** The cumulative sums of a row, behind the f64 at `table`. See src/js/sample/categorical_table.ts. */
abstract class Table {
  @inline static bytes(n: i32): usize {
    return (<usize>n + 1) << 3;
  }

  /** Two weights of T as f64. */
  @inline static pair<T>(p: usize): v128 {
    return sizeof<T>() == 4 ? f64x2.promote_low_f32x4(v128.load64_zero(p)) : v128.load(p);
  }

  /** Makes the weights into cumulative sums, from the first on: the weights end where the sums do. */
  @inline static build<T>(table: usize, weights: usize, n: i32): void {
    let total = Constant.zero<f64>();
    for (let sums = table + 8, left = n; left > 0; left -= 2, sums += 16, weights += 2 * sizeof<T>()) {
      const w = Table.pair<T>(weights),
        two = f64x2.add(w, v128.shuffle<i64>(Constant.zero<f64>(), w, 0, 2));
      total = f64x2.add(total, two);
      Lane.storeUpTo<f64>(sums, total, (<usize>left) << 3);
      total = v128.shuffle<i64>(total, total, 1, 1);
    }
    store<f64>(table, 0);
  }

  /** u of the total. */
  @inline static target(table: usize, n: i32, p: usize): f64 {
    return Draws.uniform(p) * load<f64>(table + ((<usize>n) << 3));
  }

  /** Goes over the next sums where the last of them is not above the target. */
  @inline static over(at: usize, sums: usize, target: f64): usize {
    return at + (sums & (0 - <usize>(load<f64>(at + sums) <= target)));
  }

  /** At `found`: the first classes whose cumulative sums are above the words' shares of the total, four searches in turns. */
  @inline static find(table: usize, n: i32, words: usize, found: usize): void {
    const t0 = Table.target(table, n, words),
      t1 = Table.target(table, n, words + 4),
      t2 = Table.target(table, n, words + 8),
      t3 = Table.target(table, n, words + 12);
    let a0 = table,
      a1 = table,
      a2 = table,
      a3 = table;
    for (let left = n; left > 1;) {
      const half = left >> 1,
        sums = (<usize>half) << 3;
      a0 = Table.over(a0, sums, t0);
      a1 = Table.over(a1, sums, t1);
      a2 = Table.over(a2, sums, t2);
      a3 = Table.over(a3, sums, t3);
      left -= half;
    }
    store<u32>(found, (a0 - table) >> 3);
    store<u32>(found, (a1 - table) >> 3, 4);
    store<u32>(found, (a2 - table) >> 3, 8);
    store<u32>(found, (a3 - table) >> 3, 12);
  }
}

/** dst = the table of each row of logits, of n + 1 f64. */
export function categorical_table<T>(src: usize, dst: usize, rows: i32, n: i32, temperature: T): void {
  const weights: usize = sizeof<T>() == 4 ? 8 + ((<usize>n) << 2) : 8;
  Exponents.open<T>(temperature);
  for (let r = 0; r < rows; r++) {
    const top = Row.max<T>(src, n),
      max = v128.extract_lane<T>(top, 0);
    if (temperature > 0 && isFinite<T>(max)) {
      Exponentials.sum<T>(src, dst + weights, n, top, temperature);
      Table.build<T>(dst, dst + weights, n);
    } else {
      // one class, whatever the words: as -2 - index, and -1 for none
      store<f64>(dst, max > -Infinity ? -2 - Argmax.index<T>(src, top) : -1);
    }
    src += (<usize>n) << alignof<T>();
    dst += Table.bytes(n);
  }
}

/** dst = `draws` classes of each row from its table, two of each Philox. `scratch`: 80 bytes. See src/js/sample/categorical_table.ts. */
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
  const found = scratch + 64;
  let draw = <u64>first,
    block = u64.MAX_VALUE;
  for (let r = 0; r < rows; r++, table += Table.bytes(n)) {
    const certain = <i32>load<f64>(table);
    for (const end = draw + draws; draw < end;) {
      if (draw >> 3 != block) {
        block = draw >> 3;
        Draws.first(scratch, block << 2, k0, k1);
      }
      if (certain == 0) Table.find(table, n, scratch + (((<usize>draw) & 4) << 3), found);
      else v128.store(found, i32x4.splat(certain == -1 ? -1 : -2 - certain));
      do {
        store<i32>(dst, load<i32>(found + (((<usize>draw) & 3) << 2)));
        dst += 4;
        draw++;
      } while (draw < end && (draw & 3) != 0);
    }
  }
}
