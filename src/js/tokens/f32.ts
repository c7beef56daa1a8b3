/** The f32 copy: as src/js/f32.ts. */
export * from './index.ts';
