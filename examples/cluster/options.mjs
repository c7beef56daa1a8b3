import { parseArgs } from 'node:util';

export const HELP = `npm run example:cluster -- [options]

Simulates choices in one process, then over a queue with workers that are
processes of their own, at last while some of these are killed; each time the
same choices, to the last bit.

  --choices N     how many (10000000)
  --job N         ids of a job (50000)
  --workers LIST  processes, a run for each number (1,2)
  --kills N       workers to kill in the last run (3)
  --seed N        any safe integer (1)
`;

/** A Redis string holds 2^29 bytes, a choice each; each job takes about a kilobyte of Redis. */
const [MOST, MOST_JOBS] = [2 ** 29, 100_000];

const integer = (least, most) => ({
  wanted: `an integer from ${least} to ${most}`,
  good: (x) => Number.isSafeInteger(x) && x >= least && x <= most,
});
const NUMBERS = {
  choices: integer(1, MOST),
  job: integer(1, MOST),
  workers: integer(1, 256),
  kills: integer(0, 1000),
  seed: { wanted: 'a safe integer', good: Number.isSafeInteger },
};
const DEFAULTS = { choices: '10000000', job: '50000', workers: '1,2', kills: '3', seed: '1' };

/** The number of a text. @param {keyof typeof NUMBERS} name @param {string} text */
function numberOf(name, text) {
  const { wanted, good } = NUMBERS[name];
  const number = text.trim() === '' ? NaN : Number(text);
  if (good(number)) return number;
  throw new Error(`--${name}: expected ${wanted}, got '${text}'`);
}

/**
 * The options of the command line.
 *
 * Errors: Error beginning with the option, for an unknown one or a wrong value.
 * @param {string[]} args
 */
export function readOptions(args) {
  const { help, workers, ...numbers } = { ...DEFAULTS, ...parse(args) };
  const read = Object.entries(numbers).map(([name, text]) => [name, numberOf(name, text)]);
  const options = /** @type {Record<'choices' | 'job' | 'kills' | 'seed', number>} */ (Object.fromEntries(read));
  const counts = workers.split(',').map((text) => numberOf('workers', text));
  const jobs = Math.ceil(options.choices / options.job);
  if (jobs > MOST_JOBS)
    throw new Error(`--job: expected at most ${MOST_JOBS} jobs, got '${options.job}', ${jobs} jobs`);
  if (options.kills >= jobs) {
    throw new Error(`--kills: expected fewer than the jobs, which are ${jobs}, got '${options.kills}'`);
  }
  return { help: help === true, workers: counts, ...options };
}

function parse(args) {
  const texts = Object.fromEntries(Object.keys(DEFAULTS).map((name) => [name, { type: 'string' }]));
  try {
    return parseArgs({ args, options: { ...texts, help: { type: 'boolean' } } }).values;
  } catch (error) {
    throw new Error(error.message.split('\n')[0], { cause: error });
  }
}
