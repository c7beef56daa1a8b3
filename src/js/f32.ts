/** The f32 copy of the kernels: what this module imports is read with BYTES = 4 (scripts/dtypes.mjs). */
export * from './index.ts';
