import { scaleLinear } from 'd3-scale';
import { gumbelSoftmax, key } from '../../dist/index.js';
import { card, COLOURS, GRID, INK, px, rule, text } from './chart.mjs';

const P = [0.1, 0.4, 0.2, 0.25, 0.05];
const CLASSES = 'ABCDE';
const N = P.length;
const DRAWS = 100_000;
const SHOWN = 3;
const TEMPERATURES = [0.1, 0.5, 1, 5, 10, 100];
const BAR = 18;
const [CELL, HEIGHT, LEFT, TOP] = [N * BAR + 24, 64, 128, 84];

/** Gumbel-Softmax draws and their mean at six temperatures, as Jang et al. 2017, figure 1: each row has noise of its own. */
export function samples() {
  const logits = new Float64Array(N * DRAWS).map((_, i) => Math.log(P[i % N]));
  const cells = TEMPERATURES.flatMap((temperature, column) => {
    const y = gumbelSoftmax(key(24), logits, N, { temperature });
    const mean = P.map((_, k) => y.reduce((sum, value, i) => (i % N === k ? sum + value : sum), 0) / DRAWS);
    const rows = Array.from({ length: SHOWN }, (_, row) => Array.from(y.subarray(row * N, (row + 1) * N)));
    const left = LEFT + column * CELL;
    return [
      text(left + (N * BAR) / 2, TOP - 12, `T = ${temperature}`, { bold: true }),
      ...rows.map((values, row) => bars(values, 1, left, topOf(row))),
      bars(mean, 0.5, left, topOf(SHOWN)),
      marks(left, topOf(SHOWN)),
      ...P.map((_, k) => text(left + (k + 0.5) * BAR, topOf(SHOWN) + HEIGHT + 16, CLASSES[k], { faint: true })),
    ];
  });
  const names = [...Array.from({ length: SHOWN }, (_, row) => [`draw ${row + 1}`]), ['mean of', '100,000 draws']];
  const beside = names.flatMap((lines, row) =>
    lines.map((words, i) =>
      text(LEFT - 22, topOf(row) + HEIGHT / 2 + 4 + 15 * (i - (lines.length - 1) / 2), words, { anchor: 'end' }),
    ),
  );
  const ends = Array.from({ length: SHOWN + 1 }, (_, row) => [
    text(LEFT - 6, topOf(row) + 5, row < SHOWN ? '1' : '½', { anchor: 'end', faint: true }),
    text(LEFT - 6, topOf(row) + HEIGHT + 4, '0', { anchor: 'end', faint: true }),
  ]).flat();
  const title = 'Gumbel-Softmax draws and their mean: one-hot at low temperatures, uniform at high ones';
  const subtitle = `Lines at the means: the probabilities of the classes, ${P.map((p, k) => `${CLASSES[k]} ${p}`).join(', ')}`;
  return card({ width: LEFT + 6 * CELL, height: topOf(SHOWN) + HEIGHT + 32, title, subtitle }, [
    ...beside,
    ...ends,
    ...cells,
  ]);
}

/** The means have a gap above them. @param {number} row */
const topOf = (row) => TOP + row * (HEIGHT + 14) + (row === SHOWN ? 14 : 0);

/** @param {number[]} values @param {number} most @param {number} left @param {number} top */
function bars(values, most, left, top) {
  const height = scaleLinear([0, most], [0, HEIGHT]);
  const boxes = values.map((value, k) => {
    const [x, y] = [left + k * BAR + 2, top + HEIGHT - height(value)];
    return `<rect x="${px(x)}" y="${px(y)}" width="${BAR - 4}" height="${px(height(value))}" fill="${COLOURS[k]}"/>`;
  });
  return [
    rule([left, top], [left + N * BAR, top], GRID),
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
