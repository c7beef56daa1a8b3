/** The kernels of either dtype, under their names without it. */
export { attach } from './lane.ts';
export { log_prob, log_prob_vjp } from './density/log_prob.ts';
export { law } from './density/law.ts';
export { exp_concrete_term, logit_bin_concrete_term } from './density/term.ts';
export { each_row } from './each_row.ts';
export { exp } from './math/exp.ts';
export { log } from './math/log.ts';
export { log1p } from './math/log1p.ts';
export { contrast, contrast_bits } from './density/contrast.ts';
export { categorical_entropy, semi_supervised } from './density/categorical.ts';
export { semi_supervised_vjp } from './density/semi_supervised.ts';
export { argmax, hardmax, support_size, zero_empty } from './max/argmax.ts';
export { class_gradient, ignore_rows, tsallis_entropy, tsallis_entropy_vjp } from './max/fenchel_young.ts';
export { log_softmax_vjp, log_softmax_vjp_temperature, scale_rows } from './max/log_softmax_vjp.ts';
export { log_softmax, log_sum_exp } from './max/log_softmax.ts';
export { log_softmax_at } from './max/log_softmax_at.ts';
export { softmax } from './max/softmax.ts';
export { entmax } from './max/entmax.ts';
export { entmax15, entmax15_vjp } from './max/entmax15.ts';
export { top_k } from './max/top_k.ts';
export { sparsemax, sparsemax_vjp } from './max/sparsemax.ts';
export { softmax_vjp } from './max/softmax_vjp.ts';
export { exponential } from './random/exponential.ts';
export { gumbel } from './random/gumbel.ts';
export { fold_in, keys } from './random/keys.ts';
export { logistic } from './random/logistic.ts';
export { normal } from './random/normal.ts';
export { bits, uniform } from './random/uniform.ts';
export { categorical } from './sample/categorical.ts';
export { categorical_lookup, categorical_table } from './sample/categorical_table.ts';
export { exponential_race } from './sample/exponential_race.ts';
export { gumbel_given } from './sample/gumbel_given.ts';
export { gumbel_max } from './sample/gumbel_max.ts';
export { gumbel_perturb, gumbel_softmax } from './sample/gumbel_softmax.ts';
export { gumbel_top_k } from './sample/gumbel_top_k.ts';
export { top_k_scores } from './sample/top_k_scores.ts';
export { logit_bin_concrete, sigmoid } from './sample/gumbel_sigmoid.ts';
export {
  gumbel_sigmoid_vjp,
  logit_bin_concrete_vjp,
  logit_bin_concrete_vjp_temperature,
} from './sample/gumbel_sigmoid_vjp.ts';
export { log_sum_exp_vjp } from './max/log_sum_exp_vjp.ts';
export { entmax_vjp, entmax_vjp_alpha, entmax_vjp_temperature } from './max/entmax_vjp.ts';
