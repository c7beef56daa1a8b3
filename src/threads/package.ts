/** What anymax/threads and anymax/tfjs take of the package: the ops, and what is below them. */
export * from '../ops.ts';
export { engine } from '../engine/backend.ts';
export { openOf } from '../engine/functions.ts';
export { blockOf, residentView } from '../engine/resident.ts';
export { maxOf, opsOfMax } from '../max/max.ts';
export { KEYS } from '../random/rng.ts';
