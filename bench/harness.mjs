/**
 * The measurement: variants of one computation take turns, so that what disturbs the machine disturbs all of them, and
 * are compared round by round.
 */
import { Bench } from 'tinybench';

/** Rounds that are not counted, for the JIT compilers. */
export const WARMUP = 5;

/**
 * `run` returns the array it wrote, a resident one, or an object of arrays, `logits` among them; `before` comes once before each slice
 * and is not timed.
 * @typedef {{ name: string, run: () => any, before?: () => void }} Variant
 */

/**
 * Runs each variant once a round for `milliseconds`, at least one call, in an order that rotates; a variant's time of
 * a round is the mean of its calls there. (Not their median: on a busy machine that forgives short calls, of which few
 * are interrupted, and not long ones.)
 * @param {Variant[]} variants @param {{ rounds: number, milliseconds: number }} options
 */
export function measure(variants, { rounds, milliseconds }) {
  let consumed = 0;
  const bench = new Bench({ time: milliseconds, iterations: 1, warmup: false, throws: true });
  for (const { name, run, before } of variants) {
    const call = () => {
      const result = run();
      consumed += (result.logits ?? result.view ?? result)[0];
    };
    bench.add(name, call, { async: false, ...(before && { beforeAll: before }) });
  }
  const times = new Times(variants.map(({ name }) => name));
  for (let round = -WARMUP; round < rounds; round++) {
    for (const name of times.order(round)) {
      const task = bench.getTask(name);
      task.reset();
      const { latency } = task.runSync().result;
      if (round >= 0) times.add(name, latency.mean);
    }
  }
  if (Number.isNaN(consumed)) throw new Error('a variant gave NaN');
  return times;
}

/** The times of some variants, a number for each round. */
export class Times {
  /** @param {string[]} names */
  constructor(names) {
    this.names = names;
    /** @type {Map<string, number[]>} */
    this.rounds = new Map(names.map((name) => [name, []]));
  }

  /** The names in the order of a round: each round another one begins. @param {number} round */
  order(round) {
    const first = (round + WARMUP) % this.names.length;
    return [...this.names.slice(first), ...this.names.slice(0, first)];
  }

  /** @param {string} name @param {number} time */
  add(name, time) {
    this.rounds.get(name).push(time);
  }

  /** The median of the rounds. @param {string} name */
  time(name) {
    return median(this.rounds.get(name));
  }

  /** How many times as long `a` takes as `b`: the median of the rounds' ratios. @param {string} a @param {string} b */
  ratio(a, b) {
    return median(this.rounds.get(a).map((time, round) => time / this.rounds.get(b)[round]));
  }
}

/** @param {number[]} values */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}
