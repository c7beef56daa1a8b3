import { checkFloats, checkInteger, checkRows, type Floats, kindOf } from '../engine/check.ts';
import { checkEach, checkSums } from '../engine/check_parameters.ts';
import type { Values } from '../engine/resident.ts';
import { log, rounded } from '../max/elementary.ts';
import type { Source } from '../random/rng.ts';
import { categorical } from '../sample/categorical.ts';
import { Discrete } from './discrete.ts';

/**
 * The categorical distribution of each row: class k with probability p = softmax(logits)_k. Logits rows x n. A value is an
 * index a row (Int32Array), or several draws of all rows, one behind the other.
 *
 * Special values: as for logSoftmax; a class at -Infinity is never drawn. PyTorch: `Categorical(logits=...)`; TFP:
 * `Categorical(logits=...)`.
 */
export class Categorical<A extends Floats = Float32Array> extends Discrete<A, Int32Array> {
  /** Errors: TypeError for another kind of array; RangeError for a length that is not a multiple of n. */
  constructor(
    logits: Values<A>,
    /** Classes: the length of a row. */
    readonly n: number,
  ) {
    super(checkFloats('logits', logits), checkInteger('n', n, 1));
  }

  /** From probabilities. Errors: RangeError for a row off the simplex (by 1e-6 in its sum). */
  static fromProbs<A extends Floats>(probs: Values<A>, n: number): Categorical<A> {
    const p = checkFloats('probs', probs).slice() as A;
    checkRows('probs', p.length, n);
    checkEach('probs', p, (v) => v >= 0, 'at least 0');
    checkSums('probs', p, n);
    return new Categorical(rounded<A>(log(new Float64Array(p)), kindOf(p)), n);
  }

  /** `draws` classes a row by `categorical`, one draw of all rows behind the other; -1 as in gumbelMax. */
  sample(source: Source, draws = 1): Int32Array {
    const byRow = categorical(source, this.logits, this.n, { draws });
    const rows = byRow.length / draws;
    return byRow.map((_, i) => byRow[(i % rows) * draws + Math.floor(i / rows)]!);
  }
}
