import { Four } from '../four';
import { Exponents } from '../math/exponents';
import { log } from '../math/log';
import * as c from '../shared';
import { BinConcrete } from './bin_concrete';
import { Concrete } from './concrete';
import { Either } from './either';
import { Single } from './single';

/** The log-densities of rows, those of Concrete on the `simplex`. See src/js/density/log_prob.ts. */
function rowwise(
  value: usize,
  logits: usize,
  dst: usize,
  rows: i32,
  n: i32,
  temperature: f64,
  scratch: usize,
  single: bool,
  simplex: bool,
): void {
  const width = (<usize>n) << (single ? 2 : 3),
    fours = single && Four.takes(n) ? rows & ~3 : 0,
    t = <f32>temperature,
    constant = Concrete.constant(n, temperature);
  if (single) Exponents.open<f32>(1);
  for (let r = 0; r < rows; r++) {
    const isFour = r < fours && (r & 3) == 0,
      some = isFour ? 4 * n : n,
      l = simplex ? scratch : value,
      room = scratch + ((<usize>some) << 2) + 16;
    let density: f64 = NaN;
    if (single) {
      if (simplex) log<f32>(value, scratch, some);
      if (isFour && Single.four(l, logits, dst + ((<usize>r) << 2), n, t, constant, room, simplex)) {
        r += 3;
        value += 4 * width;
        logits += 4 * width;
        continue;
      }
      density = Single.row(l, logits, n, t, constant, room, simplex);
    }
    if (density != density) {
      density = Concrete.logProb(value, logits, n, temperature, constant, scratch, single, simplex);
    }
    Either.store(dst, r, density, single);
    value += width;
    logits += width;
  }
}

/** Their gradients, times dLogProb. */
function rowwiseGradients(
  value: usize,
  logits: usize,
  dLogProb: usize,
  dValue: usize,
  dLogits: usize,
  dTemperature: usize,
  rows: i32,
  n: i32,
  temperature: f64,
  scratch: usize,
  single: bool,
  simplex: bool,
): void {
  const width = (<usize>n) << (single ? 2 : 3);
  for (let r = 0; r < rows; r++) {
    const g = Either.load(dLogProb, r, single);
    const byT = Concrete.gradient(value, logits, dValue, dLogits, n, temperature, g, scratch, single, simplex);
    Either.store(dTemperature, r, byT, single);
    value += width;
    logits += width;
    dValue += width;
    dLogits += width;
  }
}

/** dst_r = the log-density of the law `op` (DENSITY_) at row r of value: of bits n is 1. */
export function log_prob<T>(
  value: usize,
  logits: usize,
  dst: usize,
  op: i32,
  rows: i32,
  n: i32,
  temperature: T,
  scratch: usize,
): void {
  const unit = (op & 1) != 0;
  if (op >= c.DENSITY_LOGIT_BIN_CONCRETE) BinConcrete.logProbs<T>(value, logits, dst, rows, temperature, scratch, unit);
  else rowwise(value, logits, dst, rows, n, temperature, scratch, sizeof<T>() == 4, unit);
}

/** The gradients of dLogProb_r times that, at value, logits and T. */
export function log_prob_vjp<T>(
  value: usize,
  logits: usize,
  dLogProb: usize,
  dValue: usize,
  dLogits: usize,
  dTemperature: usize,
  op: i32,
  rows: i32,
  n: i32,
  temperature: T,
  scratch: usize,
): void {
  const unit = (op & 1) != 0,
    single = sizeof<T>() == 4;
  if (op >= c.DENSITY_LOGIT_BIN_CONCRETE) {
    BinConcrete.gradients<T>(value, logits, dLogProb, dValue, dLogits, dTemperature, rows, temperature, unit);
  } else {
    rowwiseGradients(
      value,
      logits,
      dLogProb,
      dValue,
      dLogits,
      dTemperature,
      rows,
      n,
      temperature,
      scratch,
      single,
      unit,
    );
  }
}
