/**
 * npm run bench:report: build/bench.html from build/bench.json, bench-sweep.json and bench-peers.json, whichever are
 * there; and from the last of them bench/speed.svg and the table of docs/reference/speed.md between its markers.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { described } from '../machine.mjs';
import { costByN, costByRows, peers, speedUps } from './charts.mjs';
import { benchTable, faultsOf, folded, page, peersTable, pageTable } from './page.mjs';
import { escape } from './svg.mjs';

const SHOWN = {
  n: 1000,
  ops: [
    'softmax',
    'logSoftmax',
    'random.exponential',
    'random.gumbel',
    'random.normal',
    'gumbelMax',
    'categorical',
    'gumbelSoftmax',
  ],
};
/** What a JavaScript user chooses from, and the far end: C and PyTorch. */
const LIBRARIES = ['anymax', 'resident', 'mirror', 'plain', 'tfjs', 'ort', 'jax-js', 'native', 'torch'];
const BEGIN = '<!-- speed: written by npm run bench:report -->';
const END = '<!-- /speed -->';
const PAGE = 'docs/reference/speed.md';

const at = (path) => new URL(`../../${path}`, import.meta.url);
/** A file of measurements; one that is being written is empty. */
function read(path) {
  const text = existsSync(at(path)) ? readFileSync(at(path), 'utf8') : '';
  return text === '' ? undefined : JSON.parse(text);
}

/** One line for under a title. */
const whereOf = ({ machine: { cpu, cores }, engine, date, rounds }) =>
  `float32, one thread; ${cpu}, ${cores} cores; Node ${engine.node}; ${date.slice(0, 10)}; medians of ${rounds} interleaved rounds`;

const [bench, sweep, others] = ['bench', 'bench-sweep', 'bench-peers'].map((name) => read(`build/${name}.json`));
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
  const each = [1000, 10, 131_072].map((n) => peers(others, { ...choice, n }));
  const wrong = faultsOf(others);
  sections.push({
    title: 'Beside other libraries',
    parts: [
      list(Object.entries(others.libraries).map(([name, what]) => `${name}: ${what}`)),
      ...each,
      '<p>Open marks, and ! in the table: results that are wrong.</p>',
      list(wrong),
      folded('All numbers: nanoseconds of anymax, and the time of others over its', peersTable(others)),
    ],
  });
  writeFileSync(at('bench/speed.svg'), `${each[0]}\n`);
  place(`${pageTable(others, choice)}\n\n${whereOf(others)}. ${footnote(wrong)}`);
}
writeFileSync(at('build/bench.html'), page(reports.map(described), sections));
console.log('Written: build/bench.html');

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
