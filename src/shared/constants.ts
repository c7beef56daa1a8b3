/** Every numeric constant of the kernels, once; assembly/shared.ts is the same list for the other compiler. */
export * from './coefficients.ts';
export * from './density.ts';
export * from './each.ts';
export * from './gamma.ts';
export * from './math.ts';
export * from './max.ts';
export * from './random.ts';
export * from './sample.ts';
export * from './sums.ts';
export * from './tokens.ts';
