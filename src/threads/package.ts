/** What anymax/threads takes of the package: the ops, and the engine below them. */
export * from '../ops.ts';
export { engine } from '../engine/backend.ts';
export { openOf } from '../engine/functions.ts';
export { blockOf, residentView } from '../engine/resident.ts';
export { opsOfMax } from '../max/max.ts';
export { KEYS } from '../random/rng.ts';
