import { doubles, heap } from './lane.ts';

/** dst_i = src_i, f32 to f64, i < count. */
export function widen(src: number, dst: number, count: number): void {
  for (let i = 0, x = src / 4, y = dst / 8; i < count; i++) doubles[y + i] = heap[x + i]!;
}

/** dst_i = src_i rounded, f64 to f32, i < count. */
export function narrow(src: number, dst: number, count: number): void {
  for (let i = 0, x = src / 8, y = dst / 4; i < count; i++) heap[y + i] = doubles[x + i]!;
}
