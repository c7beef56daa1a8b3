/**
 * The measurement: variants of one computation take turns, so that what disturbs the machine disturbs all of them, and
 * are compared round by round.
 */
import { Bench } from 'tinybench';

/** Rounds that are not counted, for the JIT compilers. */
const WARMUP = 3;

/**
 * `run` returns the array it wrote; `before` comes once before each slice and is not timed.
 * @typedef {{ name: string, run: () => ArrayLike<number>, before?: () => void }} Variant
 */

/**
 * Runs each variant once a round for `milliseconds`, at least one call, in an order that rotates; a variant's time of
 * a round is the mean of its calls there. (Not their median: on a busy machine that forgives short calls, of which few
 * are interrupted, and not long ones.)
 * @param {Variant[]} variants @param {{ rounds?: number, milliseconds: number }} options
 */
export function measure(variants, { rounds = 15, milliseconds }) {
  let consumed = 0;
  const bench = new Bench({ time: milliseconds, iterations: 1, warmup: false, throws: true });
  for (const { name, run, before } of variants) {
    const call = () => {
      consumed += run()[0];
    };
    bench.add(name, call, { async: false, ...(before && { beforeAll: before }) });
  }
  /** @type {Map<string, number[]>} */
  const times = new Map(variants.map(({ name }) => [name, []]));
  for (let round = -WARMUP; round < rounds; round++) {
    for (let i = 0; i < variants.length; i++) {
      const { name } = variants[(i + round + WARMUP) % variants.length];
      const task = bench.getTask(name);
      task.reset();
      const { latency } = task.runSync().result;
      if (round >= 0) times.get(name).push(latency.mean);
    }
  }
  if (Number.isNaN(consumed)) throw new Error('a variant gave NaN');
  const ratios = (a, b) => times.get(a).map((time, round) => time / times.get(b)[round]);
  return {
    /** Milliseconds a call: the median of the rounds. @param {string} name */
    time: (name) => median(times.get(name)),
    /** How many times as long `a` takes as `b`: the median of the rounds' ratios. @param {string} a @param {string} b */
    ratio: (a, b) => median(ratios(a, b)),
  };
}

/** @param {number[]} values */
function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}
