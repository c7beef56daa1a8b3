import { kindOfValue, lengthOfValue } from '../engine/operand.ts';
import { checkIndex, checkInteger, checkOptions, checkWeight, lengthError, newArray } from '../engine/check.ts';
import { F32, F64, type Floats, I32 } from '../engine/kind.ts';
import { arrayOf } from '../engine/layout.ts';
import type { Values } from '../engine/resident.ts';
import { uniform } from '../random/random.ts';
import { KEYS, type Source } from '../random/rng.ts';

/** Children of a node. */
const FAN = 16;

/** The sum of the children of a node, in their order. */
function sumOf(values: Float64Array, node: number): number {
  let sum = 0;
  for (let i = node * FAN; i < Math.min((node + 1) * FAN, values.length); i++) sum += values[i]!;
  return sum;
}

/** A child of a node whose children add up to `sum` > 0, by a uniform number. */
function pick(values: Float64Array, node: number, sum: number, u: number): number {
  const end = Math.min((node + 1) * FAN, values.length);
  // where the sum leaves the range and no child does, of a 16th of each
  const scale = sum < Infinity ? 1 : 1 / FAN;
  if (scale < 1) {
    sum = 0;
    for (let i = node * FAN; i < end; i++) {
      if (values[i] === Infinity) return i;
      sum += values[i]! * scale;
    }
  }
  let rest = u * sum,
    last = -1;
  for (let i = node * FAN; i < end; i++) {
    const value = values[i]! * scale;
    if (!(value > 0)) continue;
    if (rest < value) return i;
    rest -= value;
    last = i;
  }
  return last;
}

/**
 * Weights that change, and draws in proportion to them: each draw and each change in O(log n). For weights that stay,
 * `exponentialRace` and `categorical.prepare` are faster.
 *
 * A tree of sums in float64, 16 to a node. A change forms the sums above it anew, so that nothing is left of what was there
 * before, however often it changes. A draw takes a uniform number at each node, so that classes of small weight are drawn
 * right among themselves beside any greater one. Special values: a weight of 0 is never drawn; the first +Infinity always;
 * -1 where nothing is left. Accuracy: at each node, and so for `total`, within 16 roundings of the sum. Source: Wong and
 * Easton 1980.
 *
 * @throws TypeError for weights that are no array of numbers; RangeError for one that is negative or NaN
 * @example
 * const rng = new Rng(42);
 * const tree = new WeightTree([60, 30, 10]);
 * tree.draw(rng, 4); // Int32Array(4), most of them 0
 * tree.set(0, 0); // from now on 1 and 2 alone
 * tree.take(rng); // one of them, whose weight is 0 afterwards
 */
export class WeightTree {
  /** The weights, then the sums of 16 of the values before, and so on to a single one. */
  readonly #levels: Float64Array[];

  /**
   * A tree over weights.
   *
   * @param weights Numbers from 0 up; they are copied.
   * @throws TypeError for another kind; RangeError for a negative weight or a NaN.
   */
  constructor(weights: readonly number[] | Values<Floats | Int32Array>) {
    const given = arrayOf(weights) as readonly number[] | Floats | Int32Array;
    if (!Array.isArray(given)) kindOfValue('weights', given, [F64, F32, I32]);
    const length = Array.isArray(given) ? given.length : lengthOfValue(given);
    let below = newArray<Float64Array>(F64, length);
    for (let i = 0; i < length; i++) below[i] = checkWeight('weights', (given as readonly number[])[i], i);
    this.#levels = [below];
    while (below.length > 1) {
      const values = below;
      below = new Float64Array(Math.ceil(values.length / FAN)).map((_, node) => sumOf(values, node));
      this.#levels.push(below);
    }
  }

  /** How many weights there are. */
  get length(): number {
    return this.#levels[0]!.length;
  }

  /** The sum of the weights; exactly 0 where all are. */
  get total(): number {
    return this.#levels.at(-1)![0] ?? 0;
  }

  /**
   * The weight of a class.
   *
   * @param i The class.
   * @returns Its weight.
   * @throws RangeError for a class outside [0, length); TypeError for what is no number.
   */
  get(i: number): number {
    return this.#levels[0]![checkIndex('i', i, this.length)]!;
  }

  /**
   * Changes the weight of a class.
   *
   * @param i The class.
   * @param w Its new weight, a number from 0 up.
   * @throws RangeError for a class outside [0, length), for a negative or NaN weight; TypeError for what is no number.
   */
  set(i: number, w: number): void {
    checkIndex('i', i, this.length);
    const levels = this.#levels;
    levels[0]![i] = checkWeight('w', w);
    for (let level = 1; level < levels.length; level++) {
      i = Math.floor(i / FAN);
      levels[level]![i] = sumOf(levels[level - 1]!, i);
    }
  }

  /**
   * Draws classes in proportion to their weights, with replacement. They depend on the key, the weights, and nothing else.
   *
   * @param source A key, or an Rng, which gives its next one.
   * @param count How many.
   * @param options `out`: an Int32Array of that length.
   * @returns The classes; -1 throughout where no weight is above 0.
   * @throws RangeError for a count that is no non-negative integer, or another length of `out`; TypeError for what is no
   * source, or for another kind of array.
   */
  draw(source: Source, count: number, options?: { readonly out?: Values<Int32Array> | undefined }): Int32Array {
    KEYS.read(source);
    checkInteger('count', count, 0);
    checkOptions(options, ['out']);
    const out = options?.out;
    if (out !== undefined) {
      kindOfValue('out', out, [I32]);
      if (lengthOfValue(out) !== count) throw lengthError('out', lengthOfValue(out), count);
    }
    const made = out ?? newArray<Int32Array>(I32, count),
      levels = this.#levels,
      depth = levels.length - 1,
      u = uniform(source, count * depth, { dtype: 'float64' });
    const drawn = arrayOf(made) as Int32Array;
    for (let j = 0; j < count; j++) {
      let at = this.total > 0 ? 0 : -1;
      for (let level = depth; level > 0 && at >= 0; level--) {
        at = pick(levels[level - 1]!, at, levels[level]![at]!, u[j * depth + depth - level]!);
      }
      drawn[j] = at;
    }
    return drawn;
  }

  /**
   * Draws one class and removes it: its weight is 0 afterwards. Taken one after the other, classes come as `gumbelTopK` draws
   * them from the logarithms of the weights.
   *
   * @param source A key, or an Rng, which gives its next one.
   * @returns The class; -1 where no weight is above 0.
   * @throws TypeError for what is no source.
   */
  take(source: Source): number {
    const [at] = this.draw(source, 1) as unknown as readonly [number];
    if (at >= 0) this.set(at, 0);
    return at;
  }
}
