/**
 * Bytes of a value. This tree is built twice, once for each dtype (scripts/dtypes.mjs): there BYTES is the literal 4 or 8,
 * so that each copy has its own constants and V8 its own type feedback.
 */
export const BYTES: number = 4;

/** Lanes of a vector of the wasm kernels. */
export const WIDTH = BYTES === 4 ? 4 : 2;
