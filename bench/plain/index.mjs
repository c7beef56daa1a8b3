/**
 * What a JavaScript user would write without the package: loops over typed arrays, `Math.exp`, `Math.log`,
 * `Math.random`. Same shapes as the package's functions of the same name; `out` is given wherever the package takes one.
 */
export * from './density.mjs';
export * from './distribution.mjs';
export * from './max.mjs';
export * from './objective.mjs';
export * from './sample.mjs';
export * from './tokens.mjs';
