/** The page: charts and all numbers in one HTML file, and the table of docs/reference/speed.md. */
import { THEME } from '../../examples/figures/theme.mjs';
import { escape } from './svg.mjs';

/** @param {number} value */
const times = (value) => `${value.toFixed(value < 10 ? 1 : 0)}x`;

/** Cells as an HTML table. @param {string[][]} lines the first is the head */
function htmlTable([head, ...lines]) {
  const row = (cells, tag) => `<tr>${cells.map((cell) => `<${tag}>${escape(cell)}</${tag}>`).join('')}</tr>`;
  return `<table><thead>${row(head, 'th')}</thead><tbody>${lines.map((cells) => row(cells, 'td')).join('')}</tbody></table>`;
}

/** Cells as prettier lays out a Markdown table. @param {string[][]} lines */
function markdownTable(lines) {
  const widths = lines[0].map((_, i) => Math.max(3, ...lines.map((cells) => cells[i].length)));
  const row = (cells) => `| ${cells.map((cell, i) => cell.padEnd(widths[i])).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [row(lines[0]), rule, ...lines.slice(1).map(row)].join('\n');
}

/** Every measurement against the plain loop. @param {any} report */
export function benchTable({ results }) {
  const head = [
    'op',
    'rows',
    'n',
    'wasm ns',
    'resident ns',
    'mirror ns',
    'plain ns',
    'plain / wasm',
    'plain / resident',
    'plain / mirror',
  ];
  const lines = results.map(({ op, rows, n, nanoseconds, ratios }) => [
    op,
    String(rows),
    String(n),
    ...Object.values(nanoseconds).map((ns) => ns.toFixed(2)),
    ...Object.values(ratios).map(times),
  ]);
  return htmlTable([head, ...lines]);
}

/** A library's time over the package's; with a mark where its results are wrong. */
function cellOf({ faults }, { op, nanoseconds, ratios }, name) {
  const value =
    name === 'anymax' || ratios === undefined ? nanoseconds[name]?.toFixed(2) : ratios[name] && times(ratios[name]);
  return `${value ?? ''}${faults[name]?.[op]?.length ? ' !' : ''}`;
}

/** @param {any} report @param {string[]} names @param {any[]} results */
function peerLines(report, names, results) {
  return results.map((result) => [
    result.op,
    String(result.rows),
    String(result.n),
    ...names.map((name) => cellOf(report, result, name)),
  ]);
}

/** Every measurement against other libraries. @param {any} report */
export function peersTable(report) {
  const names = Object.keys(report.libraries);
  return htmlTable([['op', 'rows', 'n', ...names], ...peerLines(report, names, report.results)]);
}

/** What was found wrong. @param {any} report @returns {string[]} */
export function faultsOf({ faults }) {
  const each = (name) =>
    Object.entries(faults[name]).flatMap(([op, found]) => found.map((fault) => `${name}, ${op}: ${fault}`));
  return Object.keys(faults).flatMap(each);
}

/** The table of the page of speed: one shape, the columns that a JavaScript user chooses from. @param {any} report @param {{ n: number, ops: string[], libraries: string[] }} choice */
export function pageTable(report, { n, ops, libraries }) {
  const of = (op) => [n, 1].map((length) => report.results.find((result) => result.op === op && result.n === length));
  const results = ops.flatMap((op) => of(op).find((result) => result !== undefined) ?? []);
  const lines = peerLines(report, libraries, results).map(([op, _rows, _n, own, ...others]) => [
    `\`${op}\``,
    `${own} ns`,
    ...others,
  ]);
  return markdownTable([['float32, rows of 1000', ...libraries], ...lines]);
}

/** @param {string[]} about @param {{ title: string, parts: string[] }[]} sections */
export function page(about, sections) {
  const style = `${THEME}body{background:var(--ground);color:var(--ink);font:15px/1.5 system-ui,sans-serif;max-width:900px;margin:2rem auto;padding:0 1rem}
svg{max-width:100%;height:auto}table{border-collapse:collapse;font-size:13px;font-variant-numeric:tabular-nums}
td,th{padding:2px 8px;border-bottom:1px solid var(--grid);text-align:right}td:first-child,th:first-child{text-align:left}
.wide{overflow-x:auto}p,li{color:var(--faint)}`;
  const body = sections.map(({ title, parts }) => `<h2>${escape(title)}</h2>${parts.join('')}`).join('');
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>anymax: how fast</title><style>${style}</style><h1>anymax: how fast</h1>${about.map((text) => `<p>${escape(text)}</p>`).join('')}${body}</html>
`;
}

/** Under a line that opens. @param {string} title @param {string} html */
export const folded = (title, html) =>
  `<details><summary>${escape(title)}</summary><div class="wide">${html}</div></details>`;
