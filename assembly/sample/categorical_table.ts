import { Double } from '../math/double';
import { Argmax } from '../max/argmax';
import { Draws } from '../random/draws';
import { Row } from '../row';
import { Scores } from '../max/scores';

const F64: usize = memory.data<f64>([-Infinity]);

/** exp((x - max) / T), 0 where x is masked. a = max and b = T, multiplied by c = scale. */
@final
@unmanaged
class Weight {
  @inline map<T>(x: usize, y: usize, a: v128, b: v128, c: v128): v128 {
    const v = v128.load(x);
    return v128.and(Double.exp(Scores.z<f64>(v, a, b, c)), f64x2.gt(v, v128.load64_splat(F64)));
  }
}

/** The cumulative sums of a row and a guide into them. See src/js/sample/categorical_table.ts. */
abstract class Table {
  /** The index where the search for u begins. */
  @inline static guide(table: usize, n: i32, k: i32): usize {
    return table + 8 + ((<usize>n) << 3) + ((<usize>k) << 2);
  }

  /** Makes the weights at table + 8 into cumulative sums; the last class with a weight and the guide go with them. */
  @inline static build(table: usize, n: i32): void {
    const sums = table + 8;
    let total: f64 = 0,
      last = -1;
    for (let i = 0; i < n; i++) {
      const p = sums + ((<usize>i) << 3),
        weight = load<f64>(p);
      if (weight > 0) last = i;
      total += weight;
      store<f64>(p, total);
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
export function categorical_table(src: usize, dst: usize, rows: i32, n: i32, temperature: f64): void {
  for (let r = 0; r < rows; r++) {
    const top = Row.max<f64>(src, n),
      max = f64x2.extract_lane(top, 0);
    if (temperature > 0 && isFinite<f64>(max)) {
      const scale = Scores.scale<f64>(temperature),
        c = f64x2.splat(scale);
      Row.each<f64, Weight>(src, src, dst + 8, n, f64x2.mul(top, c), f64x2.splat(temperature * scale), c);
      Table.build(dst, n);
    } else {
      // one class, whatever the words: as -2 - index, and -1 for none
      store<f64>(dst, max > -Infinity ? -2 - Argmax.index<f64>(src, top) : -1);
    }
    src += (<usize>n) << 3;
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
