import { doubles, heap } from '../lane.ts';

/** A row as f64, at an index of f64. */
export function widen(src: number, dst: number, n: number): void {
  for (let i = 0; i < n; i++) doubles[dst + i] = heap[src + i]!;
}

/** A row back. */
export function narrow(src: number, dst: number, n: number): void {
  for (let i = 0; i < n; i++) heap[dst + i] = doubles[src + i]!;
}
