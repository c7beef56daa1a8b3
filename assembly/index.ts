// The wasm exports: one instantiation a line and dtype, which prettier leaves alone (.prettierignore).
import { narrow, widen } from './convert';
import { exp } from './math/exp';
import { log } from './math/log';
import { log1p } from './math/log1p';
import { exponential } from './random/exponential';
import { gumbel } from './random/gumbel';
import { logistic } from './random/logistic';
import { normal } from './random/normal';
import { bits, uniform } from './random/uniform';
import { argmax, hardmax, support_size } from './max/argmax';
import { entmax } from './max/entmax';
import { entmax_vjp, entmax_vjp_alpha, entmax_vjp_temperature } from './max/entmax_vjp';
import { fenchel_young_gradient, fenchel_young_loss, one_hot, tsallis_entropy } from './max/fenchel_young';
import { log_softmax_vjp, log_softmax_vjp_temperature, log_sum_exp_vjp } from './max/log_softmax_vjp';
import { entmax15, entmax15_vjp } from './max/entmax15';
import { softmax, softmax_vjp, log_softmax, log_sum_exp } from './max/softmax';
import { sparsemax, sparsemax_vjp } from './max/sparsemax';
import { categorical } from './sample/categorical';
import { categorical_lookup, categorical_table } from './sample/categorical_table';
import { exponential_race } from './sample/exponential_race';
import { gumbel_top_k } from './sample/gumbel_top_k';
import { gumbel_max } from './sample/gumbel_max';
import { gumbel_perturb, gumbel_softmax } from './sample/gumbel_softmax';
import { logit_bin_concrete, sigmoid } from './sample/gumbel_sigmoid';
import { exp_concrete_log_prob, exp_concrete_log_prob_vjp } from './density/exp_concrete';
import { concrete_log_prob, concrete_log_prob_vjp } from './density/concrete';
import { bin_concrete_log_prob, bin_concrete_log_prob_vjp, logit_bin_concrete_log_prob, logit_bin_concrete_log_prob_vjp } from './density/bin_concrete';

export function widen_f32(src: usize, dst: usize, count: i32): void { widen(src, dst, count); }
export function narrow_f32(src: usize, dst: usize, count: i32): void { narrow(src, dst, count); }
export function exp_f32(src: usize, dst: usize, count: i32): void { exp<f32>(src, dst, count); }
export function exp_f64(src: usize, dst: usize, count: i32): void { exp<f64>(src, dst, count); }
export function log_f32(src: usize, dst: usize, count: i32): void { log<f32>(src, dst, count); }
export function log_f64(src: usize, dst: usize, count: i32): void { log<f64>(src, dst, count); }
export function log1p_f32(src: usize, dst: usize, count: i32): void { log1p<f32>(src, dst, count); }
export function log1p_f64(src: usize, dst: usize, count: i32): void { log1p<f64>(src, dst, count); }
export function bits_u32(dst: usize, count: i32, first: f64, k0: u32, k1: u32, words: usize): void { bits(dst, count, first, k0, k1, words); }
export function uniform_f32(dst: usize, count: i32, first: f64, k0: u32, k1: u32, words: usize): void { uniform<f32>(dst, count, first, k0, k1, words); }
export function uniform_f64(dst: usize, count: i32, first: f64, k0: u32, k1: u32, words: usize): void { uniform<f64>(dst, count, first, k0, k1, words); }
export function exponential_f32(dst: usize, count: i32, first: f64, k0: u32, k1: u32, words: usize): void { exponential<f32>(dst, count, first, k0, k1, words); }
export function exponential_f64(dst: usize, count: i32, first: f64, k0: u32, k1: u32, words: usize): void { exponential<f64>(dst, count, first, k0, k1, words); }
export function gumbel_f32(dst: usize, count: i32, first: f64, k0: u32, k1: u32, words: usize): void { gumbel<f32>(dst, count, first, k0, k1, words); }
export function gumbel_f64(dst: usize, count: i32, first: f64, k0: u32, k1: u32, words: usize): void { gumbel<f64>(dst, count, first, k0, k1, words); }
export function logistic_f32(dst: usize, count: i32, first: f64, k0: u32, k1: u32, words: usize): void { logistic<f32>(dst, count, first, k0, k1, words); }
export function logistic_f64(dst: usize, count: i32, first: f64, k0: u32, k1: u32, words: usize): void { logistic<f64>(dst, count, first, k0, k1, words); }
export function normal_f32(dst: usize, count: i32, first: f64, k0: u32, k1: u32, words: usize): void { normal<f32>(dst, count, first, k0, k1, words); }
export function normal_f64(dst: usize, count: i32, first: f64, k0: u32, k1: u32, words: usize): void { normal<f64>(dst, count, first, k0, k1, words); }
export function argmax_f32(src: usize, dst: usize, rows: i32, n: i32): void { argmax<f32>(src, dst, rows, n); }
export function argmax_f64(src: usize, dst: usize, rows: i32, n: i32): void { argmax<f64>(src, dst, rows, n); }
export function hardmax_f32(src: usize, dst: usize, rows: i32, n: i32): void { hardmax<f32>(src, dst, rows, n); }
export function hardmax_f64(src: usize, dst: usize, rows: i32, n: i32): void { hardmax<f64>(src, dst, rows, n); }
export function softmax_f32(src: usize, dst: usize, rows: i32, n: i32, temperature: f32, scratch: usize): void { softmax<f32>(src, dst, rows, n, temperature, scratch); }
export function softmax_f64(src: usize, dst: usize, rows: i32, n: i32, temperature: f64, scratch: usize): void { softmax<f64>(src, dst, rows, n, temperature, scratch); }
export function log_softmax_f32(src: usize, dst: usize, rows: i32, n: i32, temperature: f32, scratch: usize): void { log_softmax<f32>(src, dst, rows, n, temperature, scratch); }
export function log_softmax_f64(src: usize, dst: usize, rows: i32, n: i32, temperature: f64, scratch: usize): void { log_softmax<f64>(src, dst, rows, n, temperature, scratch); }
export function log_sum_exp_f32(src: usize, dst: usize, rows: i32, n: i32, temperature: f32, scratch: usize): void { log_sum_exp<f32>(src, dst, rows, n, temperature, scratch); }
export function log_sum_exp_f64(src: usize, dst: usize, rows: i32, n: i32, temperature: f64, scratch: usize): void { log_sum_exp<f64>(src, dst, rows, n, temperature, scratch); }
export function sparsemax_f32(src: usize, dst: usize, rows: i32, n: i32, temperature: f32, scratch: usize): void { sparsemax<f32>(src, dst, rows, n, temperature, scratch); }
export function sparsemax_f64(src: usize, dst: usize, rows: i32, n: i32, temperature: f64, scratch: usize): void { sparsemax<f64>(src, dst, rows, n, temperature, scratch); }
export function entmax15_f32(src: usize, dst: usize, rows: i32, n: i32, temperature: f32, scratch: usize): void { entmax15<f32>(src, dst, rows, n, temperature, scratch); }
export function softmax_vjp_f32(p: usize, dp: usize, dst: usize, rows: i32, n: i32, temperature: f32, scratch: usize): void { softmax_vjp<f32>(p, dp, dst, rows, n, temperature, scratch); }
export function sparsemax_vjp_f32(p: usize, dp: usize, dst: usize, rows: i32, n: i32, temperature: f32, scratch: usize): void { sparsemax_vjp<f32>(p, dp, dst, rows, n, temperature, scratch); }
export function entmax15_vjp_f32(p: usize, dp: usize, dst: usize, rows: i32, n: i32, temperature: f32, scratch: usize): void { entmax15_vjp<f32>(p, dp, dst, rows, n, temperature, scratch); }
export function entmax15_f64(src: usize, dst: usize, rows: i32, n: i32, temperature: f64, scratch: usize): void { entmax15<f64>(src, dst, rows, n, temperature, scratch); }
export function entmax_f64(src: usize, dst: usize, rows: i32, n: i32, temperature: f64, alpha: f64, scratch: usize): void { entmax(src, dst, rows, n, temperature, alpha, scratch); }
export function entmax_vjp_f64(p: usize, dp: usize, dst: usize, rows: i32, n: i32, temperature: f64, alpha: f64, scratch: usize): void { entmax_vjp(p, dp, dst, rows, n, temperature, alpha, scratch); }
export function entmax_vjp_temperature_f64(p: usize, dp: usize, dst: usize, rows: i32, n: i32, temperature: f64, alpha: f64, scratch: usize): void { entmax_vjp_temperature(p, dp, dst, rows, n, temperature, alpha, scratch); }
export function entmax_vjp_alpha_f64(p: usize, dp: usize, dst: usize, rows: i32, n: i32, alpha: f64, scratch: usize): void { entmax_vjp_alpha(p, dp, dst, rows, n, alpha, scratch); }
export function tsallis_entropy_f64(p: usize, dst: usize, rows: i32, n: i32, alpha: f64, scratch: usize): void { tsallis_entropy(p, dst, rows, n, alpha, scratch); }
export function fenchel_young_loss_f64(x: usize, p: usize, y: usize, dst: usize, rows: i32, n: i32, alpha: f64, scratch: usize): void { fenchel_young_loss(x, p, y, dst, rows, n, alpha, scratch); }
export function fenchel_young_gradient_f64(p: usize, y: usize, dst: usize, count: i32): void { fenchel_young_gradient(p, y, dst, count); }
export function one_hot_f64(target: usize, dst: usize, rows: i32, n: i32): void { one_hot(target, dst, rows, n); }
export function log_softmax_vjp_f64(logP: usize, dLogP: usize, dst: usize, rows: i32, n: i32, temperature: f64): void { log_softmax_vjp(logP, dLogP, dst, rows, n, temperature); }
export function log_softmax_vjp_temperature_f64(logP: usize, dLogP: usize, dst: usize, rows: i32, n: i32, temperature: f64, scratch: usize): void { log_softmax_vjp_temperature(logP, dLogP, dst, rows, n, temperature, scratch); }
export function log_sum_exp_vjp_f64(x: usize, d: usize, dst: usize, rows: i32, n: i32, temperature: f64): void { log_sum_exp_vjp(x, d, dst, rows, n, temperature); }
export function softmax_vjp_f64(p: usize, dp: usize, dst: usize, rows: i32, n: i32, temperature: f64, scratch: usize): void { softmax_vjp<f64>(p, dp, dst, rows, n, temperature, scratch); }
export function sparsemax_vjp_f64(p: usize, dp: usize, dst: usize, rows: i32, n: i32, temperature: f64, scratch: usize): void { sparsemax_vjp<f64>(p, dp, dst, rows, n, temperature, scratch); }
export function entmax15_vjp_f64(p: usize, dp: usize, dst: usize, rows: i32, n: i32, temperature: f64, scratch: usize): void { entmax15_vjp<f64>(p, dp, dst, rows, n, temperature, scratch); }
export function gumbel_max_f32(src: usize, dst: usize, rows: i32, n: i32, temperature: f32, first: f64, k0: u32, k1: u32, scratch: usize, words: usize): void { gumbel_max<f32>(src, dst, rows, n, temperature, first, k0, k1, scratch, words); }
export function gumbel_max_f64(src: usize, dst: usize, rows: i32, n: i32, temperature: f64, first: f64, k0: u32, k1: u32, scratch: usize, words: usize): void { gumbel_max<f64>(src, dst, rows, n, temperature, first, k0, k1, scratch, words); }
export function gumbel_perturb_f32(src: usize, dst: usize, rows: i32, n: i32, first: f64, k0: u32, k1: u32, words: usize): void { gumbel_perturb<f32>(src, dst, rows, n, first, k0, k1, words); }
export function gumbel_perturb_f64(src: usize, dst: usize, rows: i32, n: i32, first: f64, k0: u32, k1: u32, words: usize): void { gumbel_perturb<f64>(src, dst, rows, n, first, k0, k1, words); }
export function gumbel_softmax_f32(src: usize, dst: usize, rows: i32, n: i32, first: f64, k0: u32, k1: u32, scratch: usize, words: usize): void { gumbel_softmax<f32>(src, dst, rows, n, first, k0, k1, scratch, words); }
export function gumbel_softmax_f64(src: usize, dst: usize, rows: i32, n: i32, first: f64, k0: u32, k1: u32, scratch: usize, words: usize): void { gumbel_softmax<f64>(src, dst, rows, n, first, k0, k1, scratch, words); }
export function logit_bin_concrete_f32(src: usize, dst: usize, count: i32, temperature: f32, first: f64, k0: u32, k1: u32, words: usize): void { logit_bin_concrete<f32>(src, dst, count, temperature, first, k0, k1, words); }
export function logit_bin_concrete_f64(src: usize, dst: usize, count: i32, temperature: f64, first: f64, k0: u32, k1: u32, words: usize): void { logit_bin_concrete<f64>(src, dst, count, temperature, first, k0, k1, words); }
export function sigmoid_f32(src: usize, dst: usize, count: i32): void { sigmoid<f32>(src, dst, count); }
export function sigmoid_f64(src: usize, dst: usize, count: i32): void { sigmoid<f64>(src, dst, count); }
export function exp_concrete_log_prob_f64(y: usize, logits: usize, dst: usize, rows: i32, n: i32, temperature: f64, scratch: usize): void { exp_concrete_log_prob(y, logits, dst, rows, n, temperature, scratch); }
export function exp_concrete_log_prob_vjp_f64(y: usize, logits: usize, g: usize, dY: usize, dLogits: usize, dT: usize, rows: i32, n: i32, temperature: f64, scratch: usize): void { exp_concrete_log_prob_vjp(y, logits, g, dY, dLogits, dT, rows, n, temperature, scratch); }
export function concrete_log_prob_f64(x: usize, logits: usize, dst: usize, rows: i32, n: i32, temperature: f64, scratch: usize): void { concrete_log_prob(x, logits, dst, rows, n, temperature, scratch); }
export function concrete_log_prob_vjp_f64(x: usize, logits: usize, g: usize, dX: usize, dLogits: usize, dT: usize, rows: i32, n: i32, temperature: f64, scratch: usize): void { concrete_log_prob_vjp(x, logits, g, dX, dLogits, dT, rows, n, temperature, scratch); }
export function bin_concrete_log_prob_f64(x: usize, logits: usize, dst: usize, count: i32, temperature: f64): void { bin_concrete_log_prob(x, logits, dst, count, temperature); }
export function bin_concrete_log_prob_vjp_f64(x: usize, logits: usize, g: usize, dX: usize, dLogits: usize, dT: usize, count: i32, temperature: f64): void { bin_concrete_log_prob_vjp(x, logits, g, dX, dLogits, dT, count, temperature); }
export function logit_bin_concrete_log_prob_f64(z: usize, logits: usize, dst: usize, count: i32, temperature: f64): void { logit_bin_concrete_log_prob(z, logits, dst, count, temperature); }
export function logit_bin_concrete_log_prob_vjp_f64(z: usize, logits: usize, g: usize, dZ: usize, dLogits: usize, dT: usize, count: i32, temperature: f64): void { logit_bin_concrete_log_prob_vjp(z, logits, g, dZ, dLogits, dT, count, temperature); }

/** The first byte behind the constants: memory is free from here on. */
export const heap_base: usize = __heap_base;
export function categorical_f32(src: usize, dst: usize, rows: i32, n: i32, draws: i32, temperature: f32, first: f64, k0: u32, k1: u32, scratch: usize): void { categorical<f32>(src, dst, rows, n, draws, temperature, first, k0, k1, scratch); }
export function categorical_f64(src: usize, dst: usize, rows: i32, n: i32, draws: i32, temperature: f64, first: f64, k0: u32, k1: u32, scratch: usize): void { categorical<f64>(src, dst, rows, n, draws, temperature, first, k0, k1, scratch); }
export function categorical_table_f64(src: usize, dst: usize, rows: i32, n: i32, temperature: f64): void { categorical_table(src, dst, rows, n, temperature); }
export function categorical_lookup_f64(table: usize, dst: usize, rows: i32, n: i32, draws: i32, first: f64, k0: u32, k1: u32, scratch: usize): void { categorical_lookup(table, dst, rows, n, draws, first, k0, k1, scratch); }
export function exponential_race_f32(weights: usize, dst: usize, rows: i32, n: i32, first: f64, k0: u32, k1: u32, scratch: usize, words: usize): void { exponential_race<f32>(weights, dst, rows, n, first, k0, k1, scratch, words); }
export function exponential_race_f64(weights: usize, dst: usize, rows: i32, n: i32, first: f64, k0: u32, k1: u32, scratch: usize, words: usize): void { exponential_race<f64>(weights, dst, rows, n, first, k0, k1, scratch, words); }
export function gumbel_top_k_f32(src: usize, dst: usize, rows: i32, n: i32, k: i32, temperature: f32, first: f64, k0: u32, k1: u32, scratch: usize, words: usize): void { gumbel_top_k<f32>(src, dst, rows, n, k, temperature, first, k0, k1, scratch, words); }
export function gumbel_top_k_f64(src: usize, dst: usize, rows: i32, n: i32, k: i32, temperature: f64, first: f64, k0: u32, k1: u32, scratch: usize, words: usize): void { gumbel_top_k<f64>(src, dst, rows, n, k, temperature, first, k0, k1, scratch, words); }
export function support_size_f32(src: usize, dst: usize, rows: i32, n: i32): void { support_size<f32>(src, dst, rows, n); }
export function support_size_f64(src: usize, dst: usize, rows: i32, n: i32): void { support_size<f64>(src, dst, rows, n); }
