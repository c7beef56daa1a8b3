import { Lane } from './lane';

/** dst_i = src_i, f32 to f64, i < count. */
export function widen(src: usize, dst: usize, count: i32): void {
  const bytes = (<usize>count) << 3;
  for (let i: usize = 0; i < bytes; i += 16) {
    Lane.storeUpTo<f64>(dst + i, f64x2.promote_low_f32x4(v128.load64_zero(src + (i >> 1))), bytes - i);
  }
}

/** dst_i = src_i rounded, f64 to f32, i < count. */
export function narrow(src: usize, dst: usize, count: i32): void {
  const bytes = (<usize>count) << 2;
  for (let i: usize = 0; i < bytes; i += 16) {
    const low = f32x4.demote_f64x2_zero(v128.load(src + (i << 1))),
      high = f32x4.demote_f64x2_zero(v128.load(src + (i << 1), 16));
    Lane.storeUpTo<f32>(dst + i, v128.shuffle<i64>(low, high, 0, 2), bytes - i);
  }
}
