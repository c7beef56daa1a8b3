import { contours } from 'd3-contour';
import { scaleLinear } from 'd3-scale';
import { concreteLogProb } from '../../dist/index.js';
import { card, GRID, INK, px, text } from './chart.mjs';

const WEIGHTS = [2, 0.5, 1];
const TEMPERATURES = [0.2, 0.5, 1, 3];
/** Contours are at these powers of 2, times the uniform density. */
const LEVELS = [-5, -4, -3, -2, -1, 0, 1, 2, 3, 4];
const CELLS = 96;
const SIDE = 180;
const [HEIGHT, TOP] = [(SIDE * Math.sqrt(3)) / 2, 116];
const TRIANGLE = `M0,${px(HEIGHT)}H${SIDE}L${SIDE / 2},0Z`;
/** From the ground of the page to ink: light to dark, and dark to light on a dark page. */
const SCHEMES = [
  ['#f4f8fc', '#6aaed6', '#08306b'],
  ['#0f1f33', '#2f74ad', '#e3f1fb'],
].map((colours) => {
  const scale = scaleLinear([LEVELS[0] - 1, -1, LEVELS.at(-1)], colours);
  return `:root{${[LEVELS[0] - 1, ...LEVELS].map((level, i) => `--d${i}:${scale(level)}`).join(';')}}`;
});
const STYLE = `${SCHEMES[0]}@media(prefers-color-scheme:dark){${SCHEMES[1]}}`;
/** @param {number} level */
const colour = (level) => `var(--d${level - LEVELS[0] + 1})`;

/** The density of Concrete((2, 1/2, 1), T) on the simplex, as Maddison et al. 2017, figure 2. */
export function densities() {
  const panels = TEMPERATURES.map((temperature, i) => panel(temperature, 32 + i * (SIDE + 36)));
  const width = 28 + TEMPERATURES.length * (SIDE + 36);
  const clip = `<clipPath id="simplex"><path d="${TRIANGLE}"/></clipPath>`;
  const title = 'Concrete densities lie at the vertices when the temperature is low, in the middle when it is high';
  const subtitle = `Classes A, B, C of weights ${WEIGHTS.join(', ')}; density over that of the uniform distribution`;
  return card({ width, height: 360, title, subtitle, style: STYLE }, [clip, ...panels, colourKey(width)]);
}

/** @param {number} temperature @param {number} left */
function panel(temperature, left) {
  const shapes = contours().size([CELLS, CELLS]).thresholds(LEVELS)(grid(temperature));
  const layers = shapes.map(({ value, coordinates }) => {
    return `<path d="${coordinates.flat().map(outlineOf).join('')}" fill="${colour(value)}"/>`;
  });
  return [
    `<g transform="translate(${left} ${TOP})">`,
    `<g clip-path="url(#simplex)"><path d="${TRIANGLE}" fill="${colour(LEVELS[0] - 1)}"/>`,
    ...layers,
    `</g><path d="${TRIANGLE}" fill="none" stroke="${INK}"/>`,
    text(SIDE / 2, -30, `T = ${temperature}`, { bold: true }),
    text(-8, HEIGHT + 14, 'A'),
    text(SIDE + 8, HEIGHT + 14, 'B'),
    text(SIDE / 2, -8, 'C'),
    '</g>',
  ].join('\n');
}

/**
 * A ring of the grid in pixels, without points too near to the one before: 2.5 pixels, and 20 where the simplex and a
 * margin of 4 end, since nothing is seen there.
 * @param {number[][]} ring
 */
function outlineOf(ring) {
  let [lastX, lastY] = [Infinity, Infinity];
  const points = ring.flatMap((point) => {
    const [x, y] = [(point[0] / CELLS) * SIDE, (point[1] / CELLS) * HEIGHT];
    const outside = Math.abs(x - SIDE / 2) > y / Math.sqrt(3) + 4;
    if (Math.hypot(x - lastX, y - lastY) < (outside ? 20 : 2.5)) return [];
    [lastX, lastY] = [x, y];
    return `${px(x)},${px(y)}`;
  });
  return `M${points.join('L')}Z`;
}

/** log2 of the density over the uniform one, in the middle of each cell; outside at the nearest coordinates inside. */
function grid(temperature) {
  const points = new Float64Array(3 * CELLS * CELLS);
  for (let i = 0; i < CELLS * CELLS; i++) {
    const third = 1 - (Math.floor(i / CELLS) + 0.5) / CELLS;
    const second = ((i % CELLS) + 0.5) / CELLS - third / 2;
    const y = [1 - second - third, second, third].map((value) => Math.max(value, 0.25 / CELLS));
    const sum = y[0] + y[1] + y[2];
    y.forEach((value, k) => (points[3 * i + k] = value / sum));
  }
  const logits = points.map((_, i) => Math.log(WEIGHTS[i % 3]));
  return concreteLogProb(points, logits, 3, { temperature }).map((value) => value / Math.LN2 - 1);
}

/** The colours and what they mean. @param {number} width */
function colourKey(width) {
  const box = 44;
  const left = (width - box * (LEVELS.length + 1)) / 2;
  const boxes = [LEVELS[0] - 1, ...LEVELS].map(
    (level, i) =>
      `<rect x="${px(left + i * box)}" y="312" width="${box}" height="12" fill="${colour(level)}" stroke="${GRID}"/>`,
  );
  const labels = LEVELS.map((level, i) =>
    text(left + (i + 1) * box, 340, level < 0 ? `1/${2 ** -level}` : String(2 ** level)),
  );
  return [...boxes, ...labels].join('\n');
}
