/**
 * The f64 copy of the kernels: what this module imports is read with BYTES = 8 (scripts/dtypes.mjs). Those below exist
 * in f64 alone: what they give is rounded once, so that float32 is converted for them.
 */
export * from './index.ts';
export { plackett_luce_log_prob, plackett_luce_log_prob_vjp } from './density/plackett_luce.ts';
export { fenchel_young_gradient, fenchel_young_loss, softmax_loss } from './max/fenchel_young.ts';
export { log_sum_exp_vjp_temperature } from './max/log_sum_exp_vjp.ts';
