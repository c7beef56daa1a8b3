/**
 * npm run bench:report: build/bench.html from bench.json, bench-sweep.json and bench-peers.json, whichever are there: in build/,
 * where measuring puts them, or in bench/measured/, where they are kept. Of the first and the last it draws bench/speed.svg and
 * writes the table of docs/reference/speed.md between its markers.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { described } from '../machine.mjs';
import { costByN, costByRows, LIBRARIES, peers, speedUps } from './charts.mjs';
import { benchTable, faultsOf, folded, page, peersTable, pageTable } from './page.mjs';
import { escape } from './svg.mjs';

/** What people use, the slowest included. */
const SHOWN = {
  n: 1000,
  ops: [
    'softmax',
    'logSoftmax',
    'logSumExp',
    'sparsemax',
    'entmax15',
    'entmax(1.25)',
    'softmax.vjp',
    'softmax.loss',
    'softmax.lossGradient',
    'softmax.entropy',
    'random.gumbel',
    'random.normal',
    'gumbelMax',
    'categorical',
    'gumbelSoftmax',
    'expConcreteLogProb',
    'expConcreteLogProb.vjp',
    'Categorical.logProb',
    'Normal.logProb',
    'klDivergence Categorical',
    'analyticElboTerm',
  ],
};
/** The libraries of the picture; the table has all. */
const PICTURED = ['anymax', 'plain', 'tfjs', 'ort'];
const BEGIN = '<!-- speed: written by npm run bench:report -->';
const END = '<!-- /speed -->';
const PAGE = 'docs/reference/speed.md';

const at = (path) => new URL(`../../${path}`, import.meta.url);
/** A file of measurements; one that is being written is empty. */
function read(name) {
  const path = ['build', 'bench/measured']
    .map((folder) => `${folder}/${name}.json`)
    .find((file) => existsSync(at(file)));
  const text = path === undefined ? '' : readFileSync(at(path), 'utf8');
  return text === '' ? undefined : JSON.parse(text);
}

/** One line for under a title. */
const whereOf = ({ machine: { cpu, cores }, engine, date, rounds }) =>
  `float32, one thread; ${cpu.replace(/\(R\)| Processor/g, '')}, ${cores} cores; Node ${engine.node}; ${date.slice(0, 10)}; medians of ${rounds} interleaved rounds`;

const [bench, sweep, others] = ['bench', 'bench-sweep', 'bench-peers'].map(read);
const reports = [bench, sweep, others].filter((report) => report !== undefined);
if (reports.length === 0) {
  console.error('Nothing to report: first npm run bench, npm run bench -- --sweep, npm run bench:peers');
  process.exit(1);
}

const sections = [];
if (bench) {
  const parts = [10, 1000].map((n) => speedUps(bench.results, n, whereOf(bench)));
  sections.push({ title: 'Against plain JavaScript', parts: [...parts, folded('All numbers', benchTable(bench))] });
}
if (sweep) {
  const parts = [costByN(sweep.results, whereOf(sweep)), costByRows(sweep.results, whereOf(sweep))];
  sections.push({ title: 'As work grows', parts: [...parts, folded('All numbers', benchTable(sweep))] });
}
if (others) {
  const present = LIBRARIES.filter((name) => name in others.libraries);
  const choice = { ...SHOWN, libraries: present, subtitle: whereOf(others) };
  const list = (items) => `<ul>${items.map((item) => `<li>${escape(item)}</li>`).join('')}</ul>`;
  sections.push({
    title: 'Beside other libraries',
    parts: [
      list(Object.entries(others.libraries).map(([name, what]) => `${name}: ${what}`)),
      ...[1000, 10, 131_072].map((n) => peers(others, { ...choice, n })),
      '<p>Open marks, and ! in the table: results that are wrong.</p>',
      list(faultsOf(others)),
      folded('All numbers: nanoseconds of anymax, and the time of others over its', peersTable(others)),
    ],
  });
}
if (bench || others) {
  const all = together(bench, others);
  const choice = { ...SHOWN, libraries: LIBRARIES.filter((name) => name in all.libraries), subtitle: whereOf(all) };
  writeFileSync(
    at('bench/speed.svg'),
    `${peers(all, { ...choice, libraries: PICTURED.filter((name) => name in all.libraries) })}\n`,
  );
  place(`${pageTable(all, choice)}\n\n${whereOf(all)}. ${footnote(faultsOf(all))}`);
}
writeFileSync(at('build/bench.html'), page(reports.map(described), sections));
console.log('Written: build/bench.html');

/**
 * The measurements against other libraries, and behind them those against loops of ops that the others lack, if both were
 * taken on one machine and engine; else those that are there.
 */
function together(bench, others) {
  const alone = bench && {
    ...bench,
    libraries: { anymax: '', resident: '', mirror: '', plain: '' },
    faults: {},
    results: bench.results.map(({ op, rows, n, nanoseconds: { wasm, ...rest } }) => ({
      op,
      rows,
      n,
      nanoseconds: { anymax: wasm, ...rest },
      ratios: Object.fromEntries(Object.entries(rest).map(([name, time]) => [name, time / wasm])),
    })),
  };
  if (!others || !alone) return others ?? alone;
  const same = bench.machine.cpu === others.machine.cpu && bench.engine.node === others.engine.node;
  const known = new Set(others.results.map(({ op }) => op));
  return { ...others, results: [...others.results, ...(same ? alone.results.filter(({ op }) => !known.has(op)) : [])] };
}

/** @param {string[]} wrong */
function footnote(wrong) {
  const shown = wrong.filter((fault) =>
    SHOWN.ops.some((op) => LIBRARIES.some((name) => fault.startsWith(`${name}, ${op}:`))),
  );
  return `Others: their time over anymax's.${shown.length > 0 ? ` Those with ! are wrong:\n\n${shown.map((fault) => `- ${fault}`).join('\n')}` : ''}`;
}

/** Puts text between the markers of the page of speed. @param {string} text */
function place(text) {
  const old = readFileSync(at(PAGE), 'utf8');
  const [from, to] = [old.indexOf(BEGIN), old.indexOf(END)];
  if (from < 0 || to < from) {
    console.log(`${PAGE} has no '${BEGIN}' and '${END}'; between them would be\n\n${text}\n`);
    return;
  }
  writeFileSync(at(PAGE), `${old.slice(0, from + BEGIN.length)}\n\n${text}\n\n${old.slice(to)}`);
  console.log(`Written: ${PAGE}`);
}
