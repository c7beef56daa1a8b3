/**
 * npm run bench:check: has an op become slower, or is one no faster than the loop that it replaces? Compared are ratios to the plain loop, measured in one run, with those of
 * bench/baseline.json: times differ from machine to machine, ratios much less.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { measureCase, tableCases } from './cases.mjs';
import { circumstances, described } from './machine.mjs';
import { ops } from './ops.mjs';

const BASELINE = new URL('./baseline.json', import.meta.url);
/**
 * A ratio may fall by this factor. On a busy machine the medians of two runs differed by up to 1.3 times (EPYC, two
 * cores, load 3 to 6), other processors by as much again.
 */
const MARGIN = 1.6;
const SHAPES = [10, 1000];
/** What wasm, with its copies, is to reach at least, by n (1: ops without rows): in batches, not in calls on one short row. */
const LEAST = { 1: 1, 10: 1, 1000: 2 };
const FIRST = { rounds: 7, milliseconds: 5 };
/** What has fallen is measured again before it counts. */
const AGAIN = { rounds: 21, milliseconds: 20 };

const HELP = `npm run bench:check -- [--update]

Exits with 1 where wasm (copied or resident) or its mirror is more than ${MARGIN} times as slow against the plain loop as in bench/baseline.json,
or where wasm on a batch has less than ${LEAST[10]} times the speed of the plain loop at n = 10, or ${LEAST[1000]} times at n = 1000.

  --update   writes that file anew: on a machine with nothing else to do
`;

const cases = tableCases(ops, SHAPES);
const nameOf = ({ op, rows, n }) => `${op.name}, ${rows} x ${n}`;

/** @returns {Record<string, number>} */
function ratiosOf(one, effort) {
  const { ratios } = measureCase(one, effort);
  return {
    wasm: round(ratios.plainToWasm),
    resident: round(ratios.plainToResident),
    mirror: round(ratios.plainToMirror),
  };
}

/** Three digits. @param {number} value */
const round = (value) => Number(value.toPrecision(3));

/** The backends whose ratio has fallen. @param {Record<string, number>} was @param {Record<string, number>} is */
const fallen = (was, is) => Object.keys(is).filter((backend) => is[backend] * MARGIN < was[backend]);

/** Whether wasm is too slow for what an op is for. */
const loses = ({ rows, n }, is) => rows > 1 && is.wasm < (LEAST[n] ?? 0);

/** What has become slower, or is too slow, a line each. @param {Record<string, Record<string, number>>} ratios */
function regressions(ratios) {
  return cases.flatMap((one) => {
    const name = nameOf(one);
    const was = ratios[name] ?? {};
    if (ratios[name] === undefined) console.log(`${name}: not in the baseline (--update)`);
    let is = ratiosOf(one, FIRST);
    if (loses(one, is) || fallen(was, is).length > 0) is = ratiosOf(one, AGAIN);
    const lines = fallen(was, is).map((backend) => {
      return `${name}, ${backend}: ${is[backend]}x of the plain loop's speed, ${was[backend]}x in the baseline`;
    });
    if (loses(one, is)) lines.push(`${name}, wasm: ${is.wasm}x of the plain loop's speed, ${LEAST[one.n]}x at least`);
    return lines;
  });
}

const { values } = parseArgs({ options: { update: { type: 'boolean' }, help: { type: 'boolean' } } });
if (values.help) {
  process.stdout.write(HELP);
} else if (values.update) {
  const ratios = Object.fromEntries(cases.map((one) => [nameOf(one), ratiosOf(one, AGAIN)]));
  writeFileSync(BASELINE, `${JSON.stringify({ ...circumstances(), ratios }, null, 2)}\n`);
  console.log(`Written to ${BASELINE.pathname}`);
} else {
  const { ratios, ...where } = JSON.parse(readFileSync(BASELINE, 'utf8'));
  console.log(`Baseline: ${described(where)}`);
  const found = regressions(ratios);
  for (const line of found) console.log(line);
  console.log(found.length === 0 ? 'Nothing is too slow.' : `${found.length} too slow.`);
  process.exitCode = found.length === 0 ? 0 : 1;
}
