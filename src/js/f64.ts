/** The f64 copy of the kernels: what this module imports is read with BYTES = 8 (scripts/dtypes.mjs). */
export * from './index.ts';
