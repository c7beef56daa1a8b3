/** The f64 copy: as src/js/f64.ts. */
export * from './index.ts';
