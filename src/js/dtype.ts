/**
 * Bytes of a value. This tree is built twice, once for each dtype (scripts/dtypes.mjs): there this module is read as
 * `export const BYTES = 4` or `= 8`, so that each copy has its own constants and V8 its own type feedback.
 */
export const BYTES: number = 4;
