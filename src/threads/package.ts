/** What anymax/threads and anymax/tfjs take of the package: the ops, and what is below them. */
export * from '../ops.ts';
export { openOf } from '../engine/functions.ts';
export { widened } from '../engine/half.ts';
export { arrayOf } from '../engine/layout.ts';
export { maxOf, opsOfMax } from '../max/max.ts';
export { RowKeys } from '../random/rng.ts';
