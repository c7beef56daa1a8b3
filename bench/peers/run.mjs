/**
 * npm run bench:peers: the package beside other libraries, each in a process of its own, called as its documentation has
 * it. First the results are verified, then the children are asked in turn for slices of time, in an order that rotates.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { key, random } from '../../dist/index.js';
import { Times, WARMUP } from '../harness.mjs';
import { circumstances, described } from '../machine.mjs';
import { Child, NAMES } from './libraries.mjs';
import { Verifier } from './verify.mjs';

const FULL = { rounds: 15, milliseconds: 100, survey: 2 ** 26 };
const QUICK = { rounds: 5, milliseconds: 10, survey: 2 ** 20 };

const ELEMENTS = 131_072;
const SHAPES = [1000, 10, ELEMENTS].map((n) => ({ rows: Math.floor(ELEMENTS / n), n }));
const BY_ROW = [...SHAPES, { rows: 1, n: 10 }];
const HUNDREDS = { rows: Math.floor(ELEMENTS / 100), n: 100 };
const BATCH = [SHAPES[0]];
/** Each op and its shapes; `copy` is what an API costs that takes no typed array, and is not in its other figures. */
const OPS = {
  softmax: [...BY_ROW, HUNDREDS],
  logSoftmax: SHAPES,
  logSumExp: SHAPES,
  argmax: SHAPES,
  'random.uniform': BATCH,
  'random.exponential': BATCH,
  'random.gumbel': BATCH,
  'random.logistic': BATCH,
  'random.normal': BATCH,
  gumbelMax: SHAPES,
  categorical: BY_ROW,
  gumbelSoftmax: SHAPES,
  expConcreteLogProb: SHAPES,
  copy: BATCH,
};

const HELP = `npm run bench:peers -- [--quick] [--only OP]... [--library NAME]... [--json FILE]

  --quick         fewer and shorter rounds, and a shorter search for rare faults
  --only OP       only this op: ${Object.keys(OPS).join(', ')}
  --library NAME  only this column beside anymax: ${NAMES.slice(1).join(', ')}
  --json FILE     where the numbers go: build/bench-peers.json if not given
`;

function readOptions() {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: Object.keys(OPS) },
      library: { type: 'string', multiple: true, default: NAMES },
      json: { type: 'string', default: 'build/bench-peers.json' },
      help: { type: 'boolean', default: false },
    },
  });
  for (const op of values.only) if (!(op in OPS)) throw new Error(`--only: no op '${op}'`);
  for (const name of values.library) if (!NAMES.includes(name)) throw new Error(`--library: no library '${name}'`);
  return values;
}

/** The children that can be started. @param {string[]} names */
async function start(names) {
  const children = [];
  for (const name of names) {
    try {
      children.push(new Child(name));
    } catch (error) {
      console.error(`${name} is left out: ${error.message.split('\n')[0]}`);
    }
  }
  return children;
}

/** Nanoseconds per call, in rounds, of the children that have the op. */
async function measure(children, op, { rows, n }, file, { rounds, milliseconds }) {
  const able = [];
  for (const child of children) if ((await child.ask(`case ${op} ${rows} ${n} ${file}`)).ok) able.push(child);
  const times = new Times(able.map(({ name }) => name));
  for (let round = -WARMUP; round < rounds; round++) {
    for (const name of times.order(round)) {
      const { ns } = await able.find((child) => child.name === name).ask(`run ${milliseconds}`);
      if (round >= 0) times.add(name, ns);
    }
  }
  return times;
}

function lineOf(names, faults, { op, rows, n, nanoseconds, ratios }) {
  const cells = names.map((name) => {
    const value = name === 'anymax' || ratios === undefined ? nanoseconds[name] : ratios[name];
    if (value === undefined) return '';
    const digits = value < 10 ? 2 : value < 100 ? 1 : 0;
    return `${value.toFixed(digits)}${faults[name]?.[op]?.length ? '!' : ''}`;
  });
  return `${op.padEnd(20)}${`${rows} x ${n}`.padStart(13)}${cells.map((cell) => cell.padStart(11)).join('')}`;
}

const { quick, only, library, json, help } = readOptions();
if (help) {
  process.stdout.write(HELP);
  process.exit();
}
const effort = quick ? QUICK : FULL;
mkdirSync(dirname(json), { recursive: true });
mkdirSync('build/peers', { recursive: true });
const file = 'build/peers/logits.f32';
writeFileSync(file, random.normal(key('peers'), ELEMENTS));

const began = circumstances();
const children = await start(NAMES.filter((name) => name === 'anymax' || library.includes(name)));
const names = children.map(({ name }) => name);
const verifier = new Verifier('build/peers', effort.survey);
/** @type {Record<string, Record<string, string[]>>} */
const faults = {};
for (const child of children) {
  console.error(`verifying ${child.name}`);
  faults[child.name] = {};
  for (const op of only) {
    const found = await verifier.faults(child, op);
    if (found) faults[child.name][op] = found;
  }
}

const results = [];
for (const op of only) {
  for (const shape of OPS[op]) {
    console.error(`${op}, ${shape.rows} x ${shape.n}`);
    const times = await measure(children, op, shape, file, effort);
    const count = shape.rows * shape.n;
    const ratios = (name) => [name, times.ratio(name, 'anymax')];
    results.push({
      op,
      ...shape,
      nanoseconds: Object.fromEntries(times.names.map((name) => [name, times.time(name) / count])),
      ...(times.names.includes('anymax') && { ratios: Object.fromEntries(times.names.map(ratios)) }),
    });
  }
}
for (const child of children) child.end();

const report = {
  ...began,
  dtype: 'float32',
  rounds: effort.rounds,
  millisecondsPerRound: effort.milliseconds,
  libraries: Object.fromEntries(children.map(({ name, what }) => [name, what])),
  faults,
  results,
};
writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`);

console.log(`${described(report)}.`);
for (const { name, what } of children) console.log(`  ${name.padEnd(10)} ${what}`);
console.log(
  `\nanymax: nanoseconds per float32 element, its copies included. Others: their time over anymax's, medians of`,
);
console.log(
  `${effort.rounds} rounds; copy: their nanoseconds, which are not in the other figures. ! marks results that are wrong.\n`,
);
console.log(`${' '.repeat(33)}${names.map((name) => name.padStart(11)).join('')}`);
for (const result of results) console.log(lineOf(names, faults, result));
for (const [name, ops] of Object.entries(faults)) {
  for (const [op, found] of Object.entries(ops))
    if (found.length > 0) console.log(`! ${name} ${op}: ${found.join('; ')}`);
}
console.error(`\nWritten to ${json}`);
