/**
 * Whether a library's results are right; what is wrong is a mark in the table. A value is wrong beyond 1e-4 of the exact
 * one; means are, beyond 6 standard errors: one false alarm in 5e8 comparisons. Non-finite noise and indices out of range
 * are looked for in a given number of values: what happens once in 2^24 is missed in 2^26 with probability e^-4.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { LibraryError } from './libraries.mjs';

/** @typedef {import('./libraries.mjs').Child} Child */

const TOLERANCE = 1e-4;
const SIGMAS = 6;
const ROWS = 20_000;
const CLASSES = 10;

/** @param {number[]} x */
function softmaxOf(x) {
  const max = Math.max(...x);
  const e = x.map((v) => Math.exp(v - max));
  const sum = e.reduce((a, b) => a + b);
  return e.map((v) => v / sum);
}

const logSumExpOf = (x) => Math.log(x.reduce((sum, v) => sum + Math.exp(v), 0));

/** The log-density of ExpConcrete at log-samples log softmax(x), T = 1: every a_k - y_k is logSumExp(x). */
function densityOf(x) {
  let logFactorial = 0;
  for (let k = 2; k < x.length; k++) logFactorial += Math.log(k);
  return logFactorial - x.length * Math.log(x.length);
}

/** One row of what does not depend on chance, in f64. */
const EXACT = {
  softmax: softmaxOf,
  logSoftmax: (x) => x.map((v) => v - logSumExpOf(x)),
  logSumExp: (x) => [logSumExpOf(x)],
  argmax: (x) => [x.indexOf(Math.max(...x))],
  expConcreteLogProb: (x) => [densityOf(x)],
};
const MASKED = { softmax: 0, logSoftmax: -Infinity };

/** Mean and variance of noise. */
const EULER = 0.5772156649015329;
const MOMENTS = {
  'random.uniform': [1 / 2, 1 / 12],
  'random.exponential': [1, 1],
  'random.gumbel': [EULER, Math.PI ** 2 / 6],
  'random.logistic': [0, Math.PI ** 2 / 3],
  'random.normal': [0, 1],
};

/** @param {number[]} values */
function moments(values) {
  const mean = values.reduce((a, b) => a + b) / values.length;
  const squares = values.map((v) => (v - mean) ** 2);
  const variance = squares.reduce((a, b) => a + b) / values.length;
  const fourth = squares.reduce((a, b) => a + b * b, 0) / values.length;
  return { mean, variance, fourth };
}

export class Verifier {
  /** @param {string} folder for files that the children read and write @param {number} survey */
  constructor(folder, survey) {
    this.folder = folder;
    this.survey = survey;
  }

  /** What the child gives for an op on rows of logits. @param {Child} child @param {string} op @param {number[][]} rows */
  async result(child, op, rows) {
    const [x, y] = [`${this.folder}/verify-x.f32`, `${this.folder}/verify-y.bin`];
    writeFileSync(x, Float32Array.from(rows.flat()));
    const { ok } = await child.ask(`case ${op} ${rows.length} ${rows[0].length} ${x}`);
    if (!ok) return undefined;
    const { kind } = await child.ask(`result ${y}`);
    const { buffer, byteOffset, byteLength } = readFileSync(y);
    return Array.from(new (kind === 'f32' ? Float32Array : Int32Array)(buffer, byteOffset, byteLength / 4));
  }

  /** The faults of a child at an op; undefined if it does not have it. @param {Child} child @param {string} op */
  async faults(child, op) {
    const logits = Array.from({ length: CLASSES }, (_, i) => Math.fround(Math.sin(7 * i) + i / 5));
    const masked = logits.map((v, i) => (i === CLASSES - 1 ? -Infinity : v));
    if (op === 'copy') return (await this.result(child, op, [logits])) && [];
    if (op in EXACT) return this.exact(child, op, logits, masked);
    return op in MOMENTS ? this.noise(child, op, logits) : this.sampler(child, op, logits, masked);
  }

  async exact(child, op, logits, masked) {
    const rows = Array.from({ length: 50 }, (_, r) => logits.map((v, i) => Math.fround(v * Math.cos(r * i))));
    const values = await this.result(child, op, rows);
    if (values === undefined) return undefined;
    const expected = rows.flatMap((row) => EXACT[op](row));
    const off = expected.reduce(
      (worst, v, i) => Math.max(worst, Math.abs(values[i] - v) / Math.max(0.01, Math.abs(v))),
      0,
    );
    const faults = off <= TOLERANCE ? [] : [`off by ${off.toExponential(1)}`];
    if (op in MASKED) {
      const row = await this.result(child, op, [masked]);
      if (row.at(-1) !== MASKED[op]) faults.push(`${row.at(-1)} for a masked class`);
    }
    return faults;
  }

  async noise(child, op, logits) {
    const values = await this.result(child, op, Array(ROWS).fill(logits));
    if (values === undefined) return undefined;
    const { mean, variance, fourth } = moments(values.filter(Number.isFinite));
    const [m, v] = MOMENTS[op];
    const faults = [];
    if (Math.abs(mean - m) > SIGMAS * Math.sqrt(v / values.length)) faults.push(`mean ${mean}`);
    if (Math.abs(variance - v) > SIGMAS * Math.sqrt((fourth - v * v) / values.length))
      faults.push(`variance ${variance}`);
    const { nonFinite } = await child.ask(`survey ${this.survey}`);
    if (nonFinite > 0) faults.push(`${nonFinite} of ${this.survey} not finite`);
    return faults;
  }

  /** Indices, or relaxed samples: their greatest entry is the index that is drawn. */
  async sampler(child, op, logits, masked) {
    const faults = [];
    const indices = async (row) => {
      const values = await this.result(child, op, Array(ROWS).fill(row));
      if (values === undefined || values.length === ROWS) return values;
      return Array.from({ length: ROWS }, (_, r) => {
        const y = values.slice(r * CLASSES, (r + 1) * CLASSES);
        return y.every(Number.isFinite) ? y.indexOf(Math.max(...y)) : NaN;
      });
    };
    const drawn = await indices(logits);
    if (drawn === undefined) return undefined;
    if (drawn.every((index) => index === drawn[0])) faults.push('every row has the same random numbers');
    const outside = (index) => !(index >= 0 && index < CLASSES);
    const wrong = drawn.filter(outside).length;
    if (wrong > 0) faults.push(`${wrong} of ${ROWS} out of range`);
    const off = softmaxOf(logits).some((p, c) => {
      const share = drawn.filter((index) => index === c).length / ROWS;
      return Math.abs(share - p) > SIGMAS * Math.sqrt((p * (1 - p)) / ROWS);
    });
    if (off) faults.push('not the distribution');
    const behind = (await indices(masked)).filter((index) => outside(index) || index === CLASSES - 1).length;
    if (behind > 0) faults.push(`${behind} of ${ROWS} out of range or masked, with one class masked`);
    const empty = await this.ofEmptyRow(child, op);
    if (empty >= CLASSES) faults.push(`index ${empty} of ${CLASSES} where all are masked`);
    await this.result(child, op, Array(1000).fill(masked)); // infinite noise on a masked class is NaN
    const { nonFinite, greatest, least } = await child.ask(`survey ${this.survey / CLASSES}`);
    if (nonFinite > 0) faults.push(`${nonFinite} values not finite`);
    if (Number.isInteger(greatest) && greatest >= CLASSES) faults.push(`index ${greatest} of ${CLASSES}`);
    if (least < 0) faults.push(`index ${least}`);
    return faults;
  }

  /** What is drawn from a row with nothing to draw: an error, -1 and NaN will do. */
  async ofEmptyRow(child, op) {
    try {
      const values = await this.result(child, op, [Array(CLASSES).fill(-Infinity)]);
      return values.length === 1 ? values[0] : NaN;
    } catch (error) {
      if (error instanceof LibraryError) return NaN;
      throw error;
    }
  }
}
