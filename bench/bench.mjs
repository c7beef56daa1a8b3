/**
 * npm run bench: every op by wasm, by its JavaScript mirror and by plain loops. Copies into and out of the package's
 * memory are counted, allocation of results is not: `out` is given.
 */
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { Rng } from 'anymax';
import { measure } from './harness.mjs';
import { check, dataOf, normalLogits, ops, variantsOf } from './ops.mjs';

const ELEMENTS = 131_072;
const ROUNDS = 15;
const FULL = { shapes: [10, 100, 1000, 32_768, 131_072], milliseconds: 20 };
const QUICK = { shapes: [10, 1000, 131_072], milliseconds: 5 };

const NAMES = [...new Set(ops.map((op) => op.of))];

const HELP = `npm run bench -- [--quick] [--only NAME]... [--json FILE]

  --quick        fewer shapes and shorter slices: under 40 s
  --only NAME    only this function, such as softmax or random.gumbel; may be repeated
  --json FILE    where the numbers go: build/bench.json if not given
`;

/** @param {string} message */
function fail(message) {
  console.error(`${message} (--help shows the options)`);
  process.exit(1);
}

function readOptions() {
  const options = /** @type {const} */ ({
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: NAMES },
    json: { type: 'string', default: 'build/bench.json' },
    help: { type: 'boolean', default: false },
  });
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    return fail(error.message.split('\n')[0]);
  }
}

/** An op at a shape: nanoseconds an element, and ratios of times. */
function measureCase(op, n, milliseconds) {
  const rows = Math.floor(ELEMENTS / n);
  const data = dataOf(op, normalLogits(rows * n, op.name), n, new Rng(op.name));
  const { time, ratio } = measure(variantsOf(op, data), { rounds: ROUNDS, milliseconds });
  const perElement = (name) => (time(name) * 1e6) / (rows * n);
  return {
    op: op.name,
    rows,
    n,
    nanoseconds: { wasm: perElement('wasm'), mirror: perElement('mirror'), plain: perElement('plain') },
    ratios: {
      plainToWasm: ratio('plain', 'wasm'),
      mirrorToWasm: ratio('mirror', 'wasm'),
      plainToMirror: ratio('plain', 'mirror'),
    },
  };
}

function machine() {
  const [cpu] = cpus();
  const gibibytes = Math.round(totalmem() / 2 ** 30);
  return { cpu: cpu?.model.trim() ?? 'unknown', cores: cpus().length, memory: `${gibibytes} GiB`, load: loadavg()[0] };
}

/** @param {string[]} cells */
function line([op, ...numbers]) {
  const widths = [8, 8, 8, 8, 12, 13, 14];
  return op.padEnd(20) + numbers.map((cell, i) => cell.padStart(widths[i])).join('');
}

function lineOf({ op, n, nanoseconds, ratios }) {
  const times = Object.values(nanoseconds).map((value) => value.toFixed(2));
  const factors = Object.values(ratios).map((value) => `${value.toFixed(value < 10 ? 2 : 1)}x`);
  return line([op, n === 1 ? '-' : String(n), ...times, ...factors]);
}

const { quick, only, json, help } = readOptions();
if (help) {
  process.stdout.write(HELP);
  process.exit();
}
const unknown = only.find((name) => !NAMES.includes(name));
if (unknown !== undefined) fail(`--only: no function '${unknown}'; there are ${NAMES.join(', ')}`);
try {
  mkdirSync(dirname(json), { recursive: true });
  appendFileSync(json, '');
} catch (error) {
  fail(`--json: ${error.message}`);
}

const { shapes, milliseconds } = quick ? QUICK : FULL;
const chosen = ops.filter((op) => only.includes(op.of));
for (const op of chosen) check(op);
console.error('The plain loops compute what the package does, and the mirror gives the bits of wasm.');

const cases = chosen.flatMap((op) => (op.byRow ? shapes : [1]).map((n) => ({ op, n })));
const { cpu, cores, memory, load } = machine();
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const report = {
  package: `anymax ${version}`,
  date: new Date().toISOString(),
  machine: { cpu, cores, memory, load },
  engine: { node: process.versions.node, v8: process.versions.v8 },
  dtype: 'float32',
  elementsPerCall: ELEMENTS,
  rounds: ROUNDS,
  millisecondsPerRound: milliseconds,
  counted: 'a call with its copies into and out of the memory of the package; not the allocation of results',
  results: cases.map(({ op, n }, i) => {
    console.error(`${i + 1}/${cases.length}  ${op.name}${n === 1 ? '' : `, n = ${n}`}`);
    return measureCase(op, n, milliseconds);
  }),
};

console.log(
  `${report.package} on ${cpu}, ${cores} cores, ${memory}; Node ${report.engine.node}, V8 ${report.engine.v8}`,
);
console.log(
  `Nanoseconds per float32 element, rows of n, about ${ELEMENTS} elements a call: medians of ${ROUNDS} rounds.`,
);
console.log(`Counted is ${report.counted}.`);
console.log(`Ratios are medians of the rounds' ratios. Load average at the start: ${load.toFixed(1)}.\n`);
console.log(line(['op', 'n', 'wasm', 'mirror', 'plain', 'plain/wasm', 'mirror/wasm', 'plain/mirror']));
for (const result of report.results) console.log(lineOf(result));
writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`);
console.error(`\nWritten to ${json}`);
