/** What anymax/threads takes of the package: the ops, and the engine below them. */
export * from '../ops.ts';
export { arena } from '../engine/backend.ts';
