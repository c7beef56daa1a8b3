/** Charts as SVG text: a card, light or dark as the reader has it, with panels of axes, curves and words on it. */
import { area, line } from 'd3-shape';

/** Okabe and Ito 2008, told apart with every kind of colour vision, and lighter ones of the same hues for a dark card. */
const LIGHT = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00'];
const DARK = ['#4ba3e3', '#f0883e', '#3fc79a', '#d79bc2', '#e3c13e'];
export const COLOURS = LIGHT.map((_, i) => `var(--c${i})`);
export const INK = 'var(--ink)';
export const FAINT = 'var(--faint)';
export const MUTED = 'var(--muted)';

const variables = (colours, named) => {
  const all = [...colours.map((colour, i) => [`c${i}`, colour]), ...Object.entries(named)];
  return `:root{${all.map(([name, colour]) => `--${name}:${colour}`).join(';')}}`;
};
const STYLE = [
  variables(LIGHT, { card: '#fff', ink: '#24292f', faint: '#d8dee4', muted: '#57606a' }),
  `@media(prefers-color-scheme:dark){${variables(DARK, { card: '#0d1117', ink: '#e6edf3', faint: '#2f353d', muted: '#9198a1' })}}`,
].join('');

/** A number of pixels with one decimal. @param {number} value */
export const px = (value) => String(Math.round(value * 10) / 10);

/**
 * @param {{ width: number, height: number, title: string }} size the title is for those who hear the picture
 * @param {string[]} body
 */
export function card({ width, height, title }, body) {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" font-family="system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif" font-size="12">`,
    `<title>${title}</title>`,
    `<style>${STYLE}</style>`,
    `<rect x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="8" fill="var(--card)" stroke="${FAINT}"/>`,
    ...body,
    '</svg>\n',
  ].join('\n');
}

/** @param {number} x @param {number} y @param {string} words */
export function text(x, y, words, { anchor = 'middle', fill = INK, weight = 'normal', turn = 0 } = {}) {
  const rotate = turn === 0 ? '' : ` transform="rotate(${turn} ${px(x)} ${px(y)})"`;
  const bold = weight === 'normal' ? '' : ` font-weight="${weight}"`;
  return `<text x="${px(x)}" y="${px(y)}" text-anchor="${anchor}" fill="${fill}"${bold}${rotate}>${words}</text>`;
}

/** A straight line from one point to another. @param {number[]} from @param {number[]} to */
export function rule([x1, y1], [x2, y2], stroke = INK, dash = '') {
  const dashes = dash === '' ? '' : ` stroke-dasharray="${dash}"`;
  return `<path d="M${px(x1)},${px(y1)}L${px(x2)},${px(y2)}" stroke="${stroke}"${dashes}/>`;
}

/**
 * The frame of a chart whose scales end where it does: grid lines at the ticks, their labels, what the axes are.
 * A tick is a value, or a value and its label.
 */
export function axes({ x, y, xTicks, yTicks, xLabel, yLabel, title }) {
  const [[left, right], [bottom, top]] = [x.range(), y.range()];
  const ticks = (list) => list.map((tick) => (Array.isArray(tick) ? tick : [tick, String(tick)]));
  return [
    ...ticks(xTicks).flatMap(([value, label]) => [
      rule([x(value), top], [x(value), bottom], FAINT),
      text(x(value), bottom + 17, label, { fill: MUTED }),
    ]),
    ...ticks(yTicks).flatMap(([value, label]) => [
      rule([left, y(value)], [right, y(value)], FAINT),
      text(left - 7, y(value) + 4, label, { anchor: 'end', fill: MUTED }),
    ]),
    text((left + right) / 2, bottom + 37, xLabel),
    text(left - 42, (top + bottom) / 2, yLabel, { turn: -90 }),
    text((left + right) / 2, top - 12, title, { weight: 'bold' }),
  ].join('\n');
}

/** A curve through points [x, y]. @param {number[][]} points */
export function curve(points, { x, y }, colour, dash = '') {
  const path = line(
    ([a]) => x(a),
    ([, b]) => y(b),
  ).digits(1)(points);
  const dashes = dash === '' ? '' : ` stroke-dasharray="${dash}"`;
  return `<path d="${path}" fill="none" stroke="${colour}" stroke-width="2" stroke-linejoin="round"${dashes}/>`;
}

/** The band between y0 and y1 at points [x, y0, y1]. @param {number[][]} points */
export function band(points, { x, y }, colour) {
  const path = area(
    ([a]) => x(a),
    ([, b]) => y(b),
    ([, , c]) => y(c),
  ).digits(1)(points);
  return `<path d="${path}" fill="${colour}" fill-opacity=".18"/>`;
}

/** A dot at a point. @param {number[]} point */
export const dot = ([a, b], { x, y }, colour) => `<circle cx="${px(x(a))}" cy="${px(y(b))}" r="3.5" fill="${colour}"/>`;

/** Names beside strokes of their colours and dashes, one below the other. @param {string[][]} entries */
export function legend([left, top], entries) {
  return entries
    .flatMap(([name, colour, dash], i) => {
      const y = top + 19 * i;
      const scales = { x: (v) => v, y: (v) => v };
      const stroke = [
        [left, y],
        [left + 24, y],
      ];
      return [curve(stroke, scales, colour, dash), text(left + 31, y + 4, name, { anchor: 'start' })];
    })
    .join('\n');
}
