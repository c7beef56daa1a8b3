// The wasm exports: one instantiation a line and dtype, which prettier leaves alone (.prettierignore).
import { exp } from './math/exp';
import { log } from './math/log';
import { log1p } from './math/log1p';
import { exponential } from './random/exponential';
import { gumbel } from './random/gumbel';
import { logistic } from './random/logistic';
import { normal } from './random/normal';
import { bits, uniform } from './random/uniform';
import { argmax, hardmax } from './max/argmax';
import { entmax, entmax_vjp } from './max/entmax';
import { entmax15, entmax15_vjp } from './max/entmax15';
import { softmax, softmax_vjp, log_softmax, log_sum_exp } from './max/softmax';
import { sparsemax, sparsemax_vjp } from './max/sparsemax';
import { gumbel_max } from './sample/gumbel_max';
import { gumbel_perturb } from './sample/gumbel_softmax';
import { logit_bin_concrete, sigmoid } from './sample/gumbel_sigmoid';
import { exp_concrete_log_prob, exp_concrete_log_prob_vjp } from './density/exp_concrete';
import { concrete_log_prob, concrete_log_prob_vjp } from './density/concrete';
import { bin_concrete_log_prob, bin_concrete_log_prob_vjp, logit_bin_concrete_log_prob, logit_bin_concrete_log_prob_vjp } from './density/bin_concrete';

export function exp_f32(src: usize, dst: usize, n: i32): void { exp<f32>(src, dst, n); }
export function exp_f64(src: usize, dst: usize, n: i32): void { exp<f64>(src, dst, n); }
export function log_f32(src: usize, dst: usize, n: i32): void { log<f32>(src, dst, n); }
export function log_f64(src: usize, dst: usize, n: i32): void { log<f64>(src, dst, n); }
export function log1p_f32(src: usize, dst: usize, n: i32): void { log1p<f32>(src, dst, n); }
export function log1p_f64(src: usize, dst: usize, n: i32): void { log1p<f64>(src, dst, n); }
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
export function softmax_f32(src: usize, dst: usize, rows: i32, n: i32, temperature: f32): void { softmax<f32>(src, dst, rows, n, temperature); }
export function softmax_f64(src: usize, dst: usize, rows: i32, n: i32, temperature: f64): void { softmax<f64>(src, dst, rows, n, temperature); }
export function log_softmax_f32(src: usize, dst: usize, rows: i32, n: i32, temperature: f32, scratch: usize): void { log_softmax<f32>(src, dst, rows, n, temperature, scratch); }
export function log_softmax_f64(src: usize, dst: usize, rows: i32, n: i32, temperature: f64, scratch: usize): void { log_softmax<f64>(src, dst, rows, n, temperature, scratch); }
export function log_sum_exp_f32(src: usize, dst: usize, rows: i32, n: i32, temperature: f32, scratch: usize): void { log_sum_exp<f32>(src, dst, rows, n, temperature, scratch); }
export function log_sum_exp_f64(src: usize, dst: usize, rows: i32, n: i32, temperature: f64, scratch: usize): void { log_sum_exp<f64>(src, dst, rows, n, temperature, scratch); }
export function sparsemax_f32(src: usize, dst: usize, rows: i32, n: i32, temperature: f32, scratch: usize): void { sparsemax<f32>(src, dst, rows, n, temperature, scratch); }
export function sparsemax_f64(src: usize, dst: usize, rows: i32, n: i32, temperature: f64, scratch: usize): void { sparsemax<f64>(src, dst, rows, n, temperature, scratch); }
export function entmax15_f32(src: usize, dst: usize, rows: i32, n: i32, temperature: f32, scratch: usize): void { entmax15<f32>(src, dst, rows, n, temperature, scratch); }
export function entmax_f32(src: usize, dst: usize, rows: i32, n: i32, temperature: f32, scratch: usize, alpha: f64): void { entmax<f32>(src, dst, rows, n, temperature, scratch, alpha); }
export function softmax_vjp_f32(p: usize, dp: usize, dst: usize, rows: i32, n: i32, temperature: f32): void { softmax_vjp<f32>(p, dp, dst, rows, n, temperature); }
export function sparsemax_vjp_f32(p: usize, dp: usize, dst: usize, rows: i32, n: i32, temperature: f32): void { sparsemax_vjp<f32>(p, dp, dst, rows, n, temperature); }
export function entmax15_vjp_f32(p: usize, dp: usize, dst: usize, rows: i32, n: i32, temperature: f32): void { entmax15_vjp<f32>(p, dp, dst, rows, n, temperature); }
export function entmax15_f64(src: usize, dst: usize, rows: i32, n: i32, temperature: f64, scratch: usize): void { entmax15<f64>(src, dst, rows, n, temperature, scratch); }
export function entmax_f64(src: usize, dst: usize, rows: i32, n: i32, temperature: f64, scratch: usize, alpha: f64): void { entmax<f64>(src, dst, rows, n, temperature, scratch, alpha); }
export function softmax_vjp_f64(p: usize, dp: usize, dst: usize, rows: i32, n: i32, temperature: f64): void { softmax_vjp<f64>(p, dp, dst, rows, n, temperature); }
export function sparsemax_vjp_f64(p: usize, dp: usize, dst: usize, rows: i32, n: i32, temperature: f64): void { sparsemax_vjp<f64>(p, dp, dst, rows, n, temperature); }
export function entmax15_vjp_f64(p: usize, dp: usize, dst: usize, rows: i32, n: i32, temperature: f64): void { entmax15_vjp<f64>(p, dp, dst, rows, n, temperature); }
export function entmax_vjp_f32(p: usize, dp: usize, dst: usize, rows: i32, n: i32, temperature: f32, scratch: usize, alpha: f64): void { entmax_vjp<f32>(p, dp, dst, rows, n, temperature, scratch, alpha); }
export function entmax_vjp_f64(p: usize, dp: usize, dst: usize, rows: i32, n: i32, temperature: f64, scratch: usize, alpha: f64): void { entmax_vjp<f64>(p, dp, dst, rows, n, temperature, scratch, alpha); }
export function gumbel_max_f32(src: usize, dst: usize, rows: i32, n: i32, temperature: f32, first: f64, k0: u32, k1: u32, s: usize, words: usize): void { gumbel_max<f32>(src, dst, rows, n, temperature, first, k0, k1, s, words); }
export function gumbel_max_f64(src: usize, dst: usize, rows: i32, n: i32, temperature: f64, first: f64, k0: u32, k1: u32, s: usize, words: usize): void { gumbel_max<f64>(src, dst, rows, n, temperature, first, k0, k1, s, words); }
export function gumbel_perturb_f32(src: usize, dst: usize, rows: i32, n: i32, first: f64, k0: u32, k1: u32, words: usize): void { gumbel_perturb<f32>(src, dst, rows, n, first, k0, k1, words); }
export function gumbel_perturb_f64(src: usize, dst: usize, rows: i32, n: i32, first: f64, k0: u32, k1: u32, words: usize): void { gumbel_perturb<f64>(src, dst, rows, n, first, k0, k1, words); }
export function logit_bin_concrete_f32(src: usize, dst: usize, count: i32, temperature: f32, first: f64, k0: u32, k1: u32, words: usize): void { logit_bin_concrete<f32>(src, dst, count, temperature, first, k0, k1, words); }
export function logit_bin_concrete_f64(src: usize, dst: usize, count: i32, temperature: f64, first: f64, k0: u32, k1: u32, words: usize): void { logit_bin_concrete<f64>(src, dst, count, temperature, first, k0, k1, words); }
export function sigmoid_f32(src: usize, dst: usize, count: i32): void { sigmoid<f32>(src, dst, count); }
export function sigmoid_f64(src: usize, dst: usize, count: i32): void { sigmoid<f64>(src, dst, count); }
export function exp_concrete_log_prob_f32(y: usize, logits: usize, dst: usize, rows: i32, n: i32, temperature: f32, scratch: usize): void { exp_concrete_log_prob<f32>(y, logits, dst, rows, n, temperature, scratch); }
export function exp_concrete_log_prob_f64(y: usize, logits: usize, dst: usize, rows: i32, n: i32, temperature: f64, scratch: usize): void { exp_concrete_log_prob<f64>(y, logits, dst, rows, n, temperature, scratch); }
export function exp_concrete_log_prob_vjp_f32(y: usize, logits: usize, g: usize, dY: usize, dLogits: usize, dT: usize, rows: i32, n: i32, temperature: f32, s: usize): void { exp_concrete_log_prob_vjp<f32>(y, logits, g, dY, dLogits, dT, rows, n, temperature, s); }
export function exp_concrete_log_prob_vjp_f64(y: usize, logits: usize, g: usize, dY: usize, dLogits: usize, dT: usize, rows: i32, n: i32, temperature: f64, s: usize): void { exp_concrete_log_prob_vjp<f64>(y, logits, g, dY, dLogits, dT, rows, n, temperature, s); }
export function concrete_log_prob_f32(x: usize, logits: usize, dst: usize, rows: i32, n: i32, temperature: f32, scratch: usize): void { concrete_log_prob<f32>(x, logits, dst, rows, n, temperature, scratch); }
export function concrete_log_prob_f64(x: usize, logits: usize, dst: usize, rows: i32, n: i32, temperature: f64, scratch: usize): void { concrete_log_prob<f64>(x, logits, dst, rows, n, temperature, scratch); }
export function concrete_log_prob_vjp_f32(x: usize, logits: usize, g: usize, dX: usize, dLogits: usize, dT: usize, rows: i32, n: i32, temperature: f32, s: usize): void { concrete_log_prob_vjp<f32>(x, logits, g, dX, dLogits, dT, rows, n, temperature, s); }
export function concrete_log_prob_vjp_f64(x: usize, logits: usize, g: usize, dX: usize, dLogits: usize, dT: usize, rows: i32, n: i32, temperature: f64, s: usize): void { concrete_log_prob_vjp<f64>(x, logits, g, dX, dLogits, dT, rows, n, temperature, s); }
export function bin_concrete_log_prob_f32(x: usize, logits: usize, dst: usize, count: i32, temperature: f32): void { bin_concrete_log_prob<f32>(x, logits, dst, count, temperature); }
export function bin_concrete_log_prob_f64(x: usize, logits: usize, dst: usize, count: i32, temperature: f64): void { bin_concrete_log_prob<f64>(x, logits, dst, count, temperature); }
export function bin_concrete_log_prob_vjp_f32(x: usize, logits: usize, g: usize, dX: usize, dLogits: usize, dT: usize, count: i32, temperature: f32): void { bin_concrete_log_prob_vjp<f32>(x, logits, g, dX, dLogits, dT, count, temperature); }
export function bin_concrete_log_prob_vjp_f64(x: usize, logits: usize, g: usize, dX: usize, dLogits: usize, dT: usize, count: i32, temperature: f64): void { bin_concrete_log_prob_vjp<f64>(x, logits, g, dX, dLogits, dT, count, temperature); }
export function logit_bin_concrete_log_prob_f32(z: usize, logits: usize, dst: usize, count: i32, temperature: f32): void { logit_bin_concrete_log_prob<f32>(z, logits, dst, count, temperature); }
export function logit_bin_concrete_log_prob_f64(z: usize, logits: usize, dst: usize, count: i32, temperature: f64): void { logit_bin_concrete_log_prob<f64>(z, logits, dst, count, temperature); }
export function logit_bin_concrete_log_prob_vjp_f32(z: usize, logits: usize, g: usize, dZ: usize, dLogits: usize, dT: usize, count: i32, temperature: f32): void { logit_bin_concrete_log_prob_vjp<f32>(z, logits, g, dZ, dLogits, dT, count, temperature); }
export function logit_bin_concrete_log_prob_vjp_f64(z: usize, logits: usize, g: usize, dZ: usize, dLogits: usize, dT: usize, count: i32, temperature: f64): void { logit_bin_concrete_log_prob_vjp<f64>(z, logits, g, dZ, dLogits, dT, count, temperature); }

/** The first byte behind the constants: memory is free from here on. */
export const heap_base: usize = __heap_base;
