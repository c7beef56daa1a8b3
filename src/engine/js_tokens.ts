/** The mirror of the kernels of anymax/tokens. */
export * as f32 from '../js/tokens/f32.ts';
export * as f64 from '../js/tokens/f64.ts';
