import { scaleLinear } from 'd3-scale';
import { gumbelSoftmax, key } from '../../dist/index.js';
import { card, COLOURS, FAINT, INK, px, rule, text } from './chart.mjs';

const P = [0.1, 0.4, 0.2, 0.25, 0.05];
const N = P.length;
const DRAWS = 100_000;
const SHOWN = 3;
const TEMPERATURES = [0.1, 0.5, 1, 5, 10, 100];
const BAR = 18;
const [CELL, HEIGHT] = [N * BAR + 24, 72];

/** Gumbel-Softmax draws and their mean at six temperatures, as Jang et al. 2017, figure 1: each row has noise of its own. */
export function samples() {
  const logits = new Float64Array(N * DRAWS).map((_, i) => Math.log(P[i % N]));
  const cells = TEMPERATURES.flatMap((temperature, column) => {
    const y = gumbelSoftmax(key(24), logits, N, { temperature });
    const mean = P.map((_, k) => y.reduce((sum, value, i) => (i % N === k ? sum + value : sum), 0) / DRAWS);
    const rows = Array.from({ length: SHOWN }, (_, row) => Array.from(y.subarray(row * N, (row + 1) * N)));
    const left = 96 + column * CELL;
    const head = text(left + (N * BAR) / 2, 28, `T = ${temperature}`, { weight: 'bold' });
    return [
      head,
      ...rows.map((values, row) => bars(values, 1, left, topOf(row))),
      bars(mean, 0.5, left, topOf(SHOWN)),
      marks(left, topOf(SHOWN)),
    ];
  });
  const names = [...Array.from({ length: SHOWN }, (_, row) => `draw ${row + 1}`), 'mean of all'].map((name, row) =>
    text(84, topOf(row) + HEIGHT / 2 + 4, name, { anchor: 'end' }),
  );
  const foot = topOf(SHOWN) + HEIGHT;
  const note = text(
    96,
    foot + 30,
    'Draws from 0 to 1, means from 0 to 1/2; black marks: the probabilities of the classes',
    { anchor: 'start' },
  );
  const title = 'Gumbel-Softmax draws: one-hot at low temperatures, uniform at high ones, and so their expectation';
  return card({ width: 104 + 6 * CELL, height: foot + 46, title }, [...names, ...cells, note]);
}

/** The means have a gap above them. @param {number} row */
function topOf(row) {
  return 42 + row * (HEIGHT + 14) + (row === SHOWN ? 14 : 0);
}

/** @param {number[]} values @param {number} most @param {number} left @param {number} top */
function bars(values, most, left, top) {
  const height = scaleLinear([0, most], [0, HEIGHT]);
  const boxes = values.map((value, k) => {
    const [x, y] = [left + k * BAR + 2, top + HEIGHT - height(value)];
    return `<rect x="${px(x)}" y="${px(y)}" width="${BAR - 4}" height="${px(height(value))}" fill="${COLOURS[k]}"/>`;
  });
  return [
    rule([left, top], [left + N * BAR, top], FAINT),
    ...boxes,
    rule([left, top + HEIGHT], [left + N * BAR, top + HEIGHT], INK),
  ].join('\n');
}

/** @param {number} left @param {number} top */
function marks(left, top) {
  return P.map((p, k) => {
    const y = top + HEIGHT * (1 - p / 0.5);
    return rule([left + k * BAR, y], [left + (k + 1) * BAR, y]);
  }).join('\n');
}
