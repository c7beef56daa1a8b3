/** The numbers of src/shared: what constants.ts there is for tsc, whose paths end in .ts as asc's do not. */
export * from '../src/shared/coefficients';
export * from '../src/shared/density';
export * from '../src/shared/each';
export * from '../src/shared/gamma';
export * from '../src/shared/math';
export * from '../src/shared/max';
export * from '../src/shared/random';
export * from '../src/shared/sample';
export * from '../src/shared/sums';
export * from '../src/shared/tokens';
