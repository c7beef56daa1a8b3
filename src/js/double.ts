/** Work on rows of f64 for either dtype: what this module imports is read with BYTES = 8 in either copy of the tree. */
export { byAlpha, least, vjp } from './max/entmax_support.ts';
export { scale } from './max/log_softmax_vjp.ts';
export { softmax } from './max/softmax.ts';
