import type { Floats } from '../engine/kind.ts';
import type { Values } from '../engine/resident.ts';

/** Values in the dtype of A: any array of it, whatever memory A itself is of. */
export type Like<A extends Floats> = Values<
  A extends Float32Array ? Float32Array : A extends Float64Array ? Float64Array : never
>;
