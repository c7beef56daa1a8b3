import * as c from '../../shared/constants.ts';
import { BYTES } from '../dtype.ts';
import { heap } from '../lane.ts';
import * as Exponents from '../math/exponents.ts';
import { log } from '../math/log.ts';
import * as BinConcrete from './bin_concrete.ts';
import * as Concrete from './concrete.ts';
import * as Single from './single.ts';

/**
 * dst_r = the log-density of the law `op` (DENSITY_) at row r of value: of bits n is 1. Rows of f32 that Single leaves are done
 * with in f64.
 */
export function log_prob(
  value: number,
  logits: number,
  dst: number,
  op: number,
  rows: number,
  n: number,
  temperature: number,
  scratch: number,
): void {
  const unit = (op & 1) !== 0;
  if (op >= c.DENSITY_LOGIT_BIN_CONCRETE) {
    BinConcrete.logProbs(value, logits, dst, rows, temperature, scratch, unit);
    return;
  }
  Exponents.open(1);
  const constant = Concrete.constantOf(n, temperature);
  for (let r = 0; r < rows; r++) {
    const x = value / BYTES + r * n,
      a = logits / BYTES + r * n;
    let density = NaN;
    if (BYTES === 4) {
      if (unit) log(BYTES * x, scratch, n);
      const l = unit ? scratch / BYTES : x;
      density = Single.row(l, a, n, temperature, constant, scratch / BYTES + n, unit);
    }
    if (density !== density) density = Concrete.logProb(x, a, n, temperature, constant, scratch, unit);
    heap[dst / BYTES + r] = density;
  }
}

/** The gradients of dLogProb_r times that, at value, logits and T. */
export function log_prob_vjp(
  value: number,
  logits: number,
  dLogProb: number,
  dValue: number,
  dLogits: number,
  dTemperature: number,
  op: number,
  rows: number,
  n: number,
  temperature: number,
  scratch: number,
): void {
  const unit = (op & 1) !== 0;
  if (op >= c.DENSITY_LOGIT_BIN_CONCRETE) {
    BinConcrete.gradients(value, logits, dLogProb, dValue, dLogits, dTemperature, rows, temperature, unit);
    return;
  }
  for (let r = 0; r < rows; r++) {
    const at = r * n,
      g = heap[dLogProb / BYTES + r]!;
    heap[dTemperature / BYTES + r] = Concrete.gradient(
      value / BYTES + at,
      logits / BYTES + at,
      dValue / BYTES + at,
      dLogits / BYTES + at,
      n,
      temperature,
      g,
      scratch,
      unit,
    );
  }
}
