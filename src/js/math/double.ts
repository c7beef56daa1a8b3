/** Functions of f64 for both dtypes: what this module imports is read with BYTES = 8 in either copy of the tree. */
export { every as log } from './log.ts';
