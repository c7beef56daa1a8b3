/**
 * npm run bench: every op by wasm (with copies into and out of its memory, and on resident arrays), by its JavaScript mirror
 * and by plain loops. Allocation of results is not wherever the package takes an `out`.
 */
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { check } from './agree.mjs';
import { measureCase, sweepCases, tableCases } from './cases.mjs';
import { measureCold, tableOfCold } from './cold.mjs';
import { circumstances, described } from './machine.mjs';
import { ops } from './ops.mjs';
import { measureSmall, SMALL, tableOfSmall } from './small.mjs';
import { measureRows, tableOfRows } from './rows.mjs';
import { measureTokens, tableOfTokens } from './tokens.mjs';

const FULL = { shapes: [10, 100, 1000, 32_768, 131_072], step: 1, rounds: 15, milliseconds: 20 };
const QUICK = { shapes: [10, 1000, 131_072], step: 2, rounds: 7, milliseconds: 5 };
const DTYPES = ['float32', 'float64'];

const NAMES = [...new Set(ops.map((op) => op.of))];

const HELP = `npm run bench -- [--quick] [--sweep | --small | --cold | --tokens | --rows] [--only NAME]... [--dtype DTYPE] [--node PATH]... [--json FILE]

  --quick        fewer shapes, fewer and shorter rounds
  --sweep        a few ops over n from 1 to 2^20, and over rows from 1 to 10^6
  --small        single calls on one short row, all ops warm, in both dtypes (a quarter of a minute each)
  --cold         the first call of a process, beside compiling and instantiating the wasm alone
  --tokens       tokens drawn from a language model's logits, beside one pass with a heap; float32
  --rows         rows with a length, a temperature, a key or a place of their own, beside equal rows and plain loops; float32
  --only NAME    only this function, such as softmax or random.gumbel; may be repeated
  --dtype DTYPE  float32 or float64: float32 if not given, with --small both
  --node PATH    with --cold: the Node to start instead of this one; may be repeated
  --json FILE    where the numbers go: build/bench.json, build/bench-sweep.json, build/bench-small.json, build/bench-cold.json,
                 build/bench-tokens.json, build/bench-rows.json if not given
`;

/** @param {string} message */
function fail(message) {
  console.error(`${message} (--help shows the options)`);
  process.exit(1);
}

function readOptions() {
  const options = /** @type {const} */ ({
    quick: { type: 'boolean', default: false },
    sweep: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: NAMES },
    small: { type: 'boolean', default: false },
    cold: { type: 'boolean', default: false },
    tokens: { type: 'boolean', default: false },
    rows: { type: 'boolean', default: false },
    node: { type: 'string', multiple: true, default: [process.execPath] },
    dtype: { type: 'string' },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  });
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    return fail(error.message.split('\n')[0]);
  }
}

/** @param {string[]} cells */
function line([op, ...numbers]) {
  const widths = [9, 9, 10, 10, 10, 10, 12, 16, 14];
  return op.padEnd(28) + numbers.map((cell, i) => cell.padStart(widths[i])).join('');
}

function lineOf({ op, rows, n, nanoseconds, ratios }) {
  const times = Object.values(nanoseconds).map((value) => value.toFixed(2));
  const factors = Object.values(ratios).map((value) => `${value.toFixed(value < 10 ? 2 : 1)}x`);
  return line([op, String(rows), String(n), ...times, ...factors]);
}

const { quick, sweep, small, cold, tokens, rows, only, dtype: asked, node: nodes, help, ...files } = readOptions();
const dtype = asked ?? 'float32';
const json =
  files.json ??
  `build/bench${sweep ? '-sweep' : small ? '-small' : cold ? '-cold' : tokens ? '-tokens' : rows ? '-rows' : ''}.json`;
if (help) {
  process.stdout.write(HELP);
  process.exit();
}
const unknown = only.find((name) => !NAMES.includes(name));
if (unknown !== undefined) fail(`--only: no function '${unknown}'; there are ${NAMES.join(', ')}`);
if (!DTYPES.includes(dtype)) fail(`--dtype: float32 or float64, not '${dtype}'`);
if (small && (sweep || only !== NAMES)) fail('--small: neither with --sweep nor with --only');
if (cold && (sweep || small || only !== NAMES || asked)) fail('--cold: not with --sweep, --small, --only or --dtype');
if ((tokens || rows) && (sweep || small || cold || (tokens && rows) || only !== NAMES || asked)) {
  fail('--tokens, --rows: not with any of --sweep, --small, --cold, --only, --dtype');
}
try {
  mkdirSync(dirname(json), { recursive: true });
  appendFileSync(json, '');
} catch (error) {
  fail(`--json: ${error.message}`);
}

const { shapes, step, rounds, milliseconds } = quick ? QUICK : FULL;
if (small) {
  const effort = { rounds, milliseconds: milliseconds / 2 };
  const dtypes = asked === undefined ? DTYPES : [asked];
  for (const op of ops) if (SMALL.includes(op.name)) dtypes.forEach((each) => check(op, each));
  const results = await measureSmall({ dtypes, ...effort });
  const report = { ...circumstances(), ...effort, results };
  console.log(`${described(report)}.`);
  console.log(`Nanoseconds per call: medians of ${rounds} rounds. The ratio is the median of the rounds' ratios.\n`);
  console.log(tableOfSmall(results));
  writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`);
  console.error(`\nWritten to ${json}`);
  process.exit();
}
if (cold) {
  const results = await measureCold({ nodes, rounds });
  const report = { ...circumstances(), rounds, results };
  console.log(`${described(report)}.`);
  console.log(`Milliseconds: medians of ${rounds} processes each. One row of 10, float32.\n`);
  console.log(tableOfCold(results));
  writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`);
  console.error(`\nWritten to ${json}`);
  process.exit();
}
if (tokens || rows) {
  const effort = { rounds, milliseconds };
  const results = tokens ? measureTokens(effort) : measureRows(effort);
  const report = { ...circumstances(), ...effort, results };
  const unit = tokens ? 'Microseconds per call' : 'Nanoseconds per element';
  console.log(`${described(report)}.`);
  console.log(`${unit}: medians of ${rounds} rounds. Ratios are medians of the rounds' ratios.\n`);
  console.log((tokens ? tableOfTokens : tableOfRows)(results));
  writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`);
  console.error(`\nWritten to ${json}`);
  process.exit();
}
const chosen = ops.filter((op) => only.includes(op.of));
const cases = sweep ? sweepCases(chosen, step) : tableCases(chosen, shapes);
if (cases.length === 0) fail('--sweep: not over these functions');
for (const op of new Set(cases.map((one) => one.op))) check(op, dtype);
console.error('The plain loops compute what the package does, and the mirror gives the bits of wasm.');

const report = {
  ...circumstances(),
  dtype,
  rounds,
  millisecondsPerRound: milliseconds,
  counted:
    'a call with its copies into and out of the memory of the package, which resident arrays have none of; not the allocation of a result given as out',
  results: cases.map((one, i) => {
    console.error(`${i + 1}/${cases.length}  ${one.op.name}, ${one.rows} x ${one.n}`);
    return measureCase(one, { rounds, milliseconds, dtype });
  }),
};

console.log(`${described(report)}.`);
console.log(`Nanoseconds per ${dtype} element (per draw where draws are named): medians of ${rounds} rounds.`);
console.log(`Counted is ${report.counted}. Ratios are medians of the rounds' ratios.\n`);
console.log(
  line(['op', 'rows', 'n', 'wasm', 'resident', 'mirror', 'plain', 'plain/wasm', 'plain/resident', 'plain/mirror']),
);
for (const result of report.results) console.log(lineOf(result));
writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`);
console.error(`\nWritten to ${json}`);
