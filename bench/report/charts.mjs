/** The charts: strings of SVG from the results of bench.mjs and peers/run.mjs. */
import {
  line,
  symbol,
  symbolCircle,
  symbolCross,
  symbolDiamond,
  symbolDiamond2,
  symbolSquare,
  symbolSquare2,
  symbolStar,
  symbolTriangle,
  symbolWye,
} from 'd3-shape';
import { axisBelow, axisLeft, chart, colour, element, label, logScale } from './svg.mjs';

const WIDTH = 860;
const HEAD = 60;
const SHAPES = [
  symbolCircle,
  symbolSquare,
  symbolTriangle,
  symbolDiamond,
  symbolWye,
  symbolStar,
  symbolCross,
  symbolSquare2,
  symbolDiamond2,
];
const BACKENDS = [
  { key: 'wasm', name: 'anymax, wasm, copied in and out' },
  { key: 'resident', name: 'anymax, wasm, resident arrays' },
  { key: 'mirror', name: 'anymax, JavaScript mirror' },
  { key: 'plain', name: 'plain JavaScript' },
];

/** What a JavaScript user chooses from, and the far end: C and PyTorch. The place of a library is its mark. */
export const LIBRARIES = ['anymax', 'resident', 'mirror', 'plain', 'tfjs', 'ort', 'jax-js', 'native', 'torch'];
const NAMES = { plain: 'plain JavaScript', tfjs: 'TensorFlow.js', ort: 'onnxruntime-web' };

/** The mark of series i; open where what it stands for is wrong. */
function mark(i, x, y, open = false) {
  const d = symbol(SHAPES[i % SHAPES.length], 70)();
  const paint = open ? { fill: 'var(--ground)', stroke: colour(i), 'stroke-width': 2 } : { fill: colour(i) };
  return element('path', { d, transform: `translate(${x.toFixed(1)},${y.toFixed(1)})`, ...paint });
}

/** Names with their marks, in lines as wide as the chart. @param {string[]} names @param {number[]} series @param {number} top */
function legend(names, series, top) {
  let [x, y] = [22, top];
  const items = names.map((name, i) => {
    const width = 26 + 7 * name.length;
    if (x + width > WIDTH) [x, y] = [22, y + 20];
    const item = mark(series[i], x, y - 4) + label(x + 10, y, name);
    x += width;
    return item;
  });
  return { svg: items.join(''), bottom: y + 10 };
}

/**
 * Rows of marks on a logarithmic axis.
 * @param {{ title: string, subtitle: string, names: string[], series?: number[], unit: string, left: number,
 *   rows: { name: string, values: (number | undefined)[], open?: boolean[] }[], from?: number }} what
 *   `series` are the marks of the names, 0, 1, 2 and so on if not given; `from` is what each row's line begins at: the least of its values if not given
 */
function dots({ title, subtitle, names, series = [...names.keys()], unit, left, rows, from }) {
  const { svg, bottom: top } = legend(names, series, HEAD + 8);
  const height = top + rows.length * 24 + 44;
  const values = rows.flatMap((row) => row.values.filter((value) => value !== undefined));
  const x = logScale(from === undefined ? values : [from, ...values], [left, WIDTH - 30]);
  const bottom = height - 36;
  const body = rows.map(({ name, values: cells, open }, r) => {
    const y = top + 12 + 24 * r + 6;
    const present = cells.filter((value) => value !== undefined);
    const ends = [from ?? Math.min(...present), Math.max(...present), ...(from ? [Math.min(...present)] : [])];
    const stem = {
      x1: x(Math.min(...ends)),
      x2: x(Math.max(...ends)),
      y1: y,
      y2: y,
      stroke: 'var(--faint)',
      'stroke-opacity': 0.5,
    };
    // the package is drawn last, on top
    const marks = cells
      .map((value, i) => (value === undefined ? '' : mark(series[i], x(value), y, open?.[i])))
      .toReversed();
    return label(left - 14, y + 4, name, { 'text-anchor': 'end' }) + element('line', stem) + marks.join('');
  });
  const origin =
    from === undefined ? '' : element('line', { x1: x(from), x2: x(from), y1: top, y2: bottom, stroke: 'var(--ink)' });
  return chart(WIDTH, height, title, subtitle, svg + axisBelow(x, top, bottom, unit) + origin + body.join(''));
}

/** How many times as fast as the plain loop each op is. @param {any[]} results @param {number} n @param {string} subtitle */
export function speedUps(results, n, subtitle) {
  const rows = results
    .filter((result) => result.rows > 1 && (result.n === n || result.n === 1))
    .map(({ op, ratios }) => ({
      name: op,
      values: [ratios.plainToWasm, ratios.plainToResident, ratios.plainToMirror],
    }));
  const names = BACKENDS.slice(0, 3).map(({ name }) => name);
  const title = `Times as fast as a plain JavaScript loop, rows of ${n}`;
  return dots({ title, subtitle, names, unit: 'x', left: 220, rows, from: 1 });
}

/**
 * Nanoseconds an element by library, for the shape of `rows` of n; results that are wrong are open marks.
 * @param {any} report @param {{ n: number, ops: string[], libraries: string[], subtitle: string }} choice
 */
export function peers({ results, faults }, { n, ops, libraries, subtitle }) {
  const rows = ops.flatMap((op) => {
    const result =
      results.find((one) => one.op === op && (one.n === n || one.n === 1) && one.rows > 1) ??
      results.find((one) => one.op === op && one.n === n);
    if (result === undefined) return [];
    const open = libraries.map((name) => (faults[name]?.[op]?.length ?? 0) > 0);
    return [{ name: op, values: libraries.map((name) => result.nanoseconds[name]), open }];
  });
  const title = `Nanoseconds per element, rows of ${n}: less is faster`;
  const wrong = rows.some(({ open }) => open.some(Boolean)) ? '; open marks: wrong results' : '';
  return dots({
    title,
    subtitle: subtitle + wrong,
    names: libraries.map((name) => NAMES[name] ?? name),
    series: libraries.map((name) => LIBRARIES.indexOf(name)),
    unit: '',
    left: 180,
    rows,
  });
}

const PANEL = { width: 280, height: 210, left: 44, top: 30, bottom: 40 };

/** One op's lines in a panel. @param {any[]} results @param {{ x: (r: any) => number, y: (ns: number, r: any) => number, unit: string }} axes @param {number[]} all values of y in every panel */
function panel(name, results, axes, all) {
  const sorted = results.toSorted((a, b) => axes.x(a) - axes.x(b));
  const x = logScale(sorted.map(axes.x), [PANEL.left, PANEL.width - 14]);
  const y = logScale(all, [PANEL.height - PANEL.bottom, PANEL.top]);
  const lines = BACKENDS.map(({ key }, i) => {
    const points = sorted.map(
      (r) => /** @type {[number, number]} */ ([x(axes.x(r)), y(axes.y(r.nanoseconds[key], r))]),
    );
    return (
      element('path', { d: line()(points), fill: 'none', stroke: colour(i), 'stroke-width': 2 }) +
      mark(i, ...points.at(-1))
    );
  });
  const bottom = PANEL.height - PANEL.bottom;
  const below = label((PANEL.left + PANEL.width) / 2, bottom + 32, axes.unit, {
    'text-anchor': 'middle',
    class: 'faint',
  });
  return (
    label(PANEL.left, 20, name) +
    axisBelow(x, PANEL.top, bottom, '') +
    axisLeft(y, PANEL.left, PANEL.width - 14) +
    below +
    lines.join('')
  );
}

/** A panel for each op of a sweep, with the same vertical axis. */
function panels(results, sweep, axes, title, subtitle) {
  const swept = results.filter((result) => result.sweep === sweep);
  const all = swept.flatMap((r) => Object.values(r.nanoseconds).map((ns) => axes.y(ns, r)));
  const ops = [...new Set(swept.map(({ op }) => op))];
  const { svg, bottom } = legend(
    BACKENDS.map(({ name }) => name),
    [...BACKENDS.keys()],
    HEAD + 8,
  );
  const body = ops.map((op, i) => {
    const at = `translate(${(i % 3) * PANEL.width + 8},${bottom + Math.floor(i / 3) * PANEL.height})`;
    return element(
      'g',
      { transform: at },
      panel(
        op,
        swept.filter((result) => result.op === op),
        axes,
        all,
      ),
    );
  });
  return chart(WIDTH, bottom + Math.ceil(ops.length / 3) * PANEL.height + 8, title, subtitle, svg + body.join(''));
}

/** @param {any[]} results @param {string} subtitle */
export function costByN(results, subtitle) {
  const axes = { x: (r) => r.n, y: (ns) => ns, unit: 'n, the length of a row' };
  return panels(results, 'n', axes, 'Nanoseconds per element as rows grow longer, 2^20 elements per call', subtitle);
}

/** @param {any[]} results @param {string} subtitle */
export function costByRows(results, subtitle) {
  const axes = { x: (r) => r.rows, y: (ns, r) => (ns * r.rows * r.n) / 1000, unit: 'rows' };
  return panels(results, 'rows', axes, 'Microseconds per call as rows of 10 grow many', subtitle);
}
