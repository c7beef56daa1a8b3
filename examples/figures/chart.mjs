/** Charts as SVG text, light or dark as the reader has it: a title, panels of axes, and curves with their names at them. */
import { area, line } from 'd3-shape';
import { FONT, THEME } from './theme.mjs';

/** Blue, orange, green, pink, yellow. */
export const COLOURS = [0, 3, 4, 5, 6].map((i) => `var(--c${i})`);
export const INK = 'var(--ink)';
export const GRID = 'var(--grid)';
export const FAINT = 'var(--faint)';

/** A number of pixels with one decimal. @param {number} value */
export const px = (value) => String(Math.round(value * 10) / 10);

/**
 * @param {{ width: number, height: number, title: string, subtitle: string, style?: string }} head
 * @param {string[]} body what lies below the first 56 pixels
 */
export function card({ width, height, title, subtitle, style = '' }, body) {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${title}</title>`,
    `<style>${THEME}${FONT}${style}</style>`,
    `<rect width="${width}" height="${height}" fill="var(--ground)"/>`,
    `<text x="16" y="26" class="title">${title}</text>`,
    `<text x="16" y="44" class="faint">${subtitle}</text>`,
    ...body,
    '</svg>\n',
  ].join('\n');
}

/** @param {number} x @param {number} y @param {string} words */
export function text(x, y, words, { anchor = 'middle', faint = false, bold = false } = {}) {
  const more = `${faint ? ' class="faint"' : ''}${bold ? ' font-weight="600" style="font-weight:600"' : ''}`;
  return `<text x="${px(x)}" y="${px(y)}" text-anchor="${anchor}"${more}>${words}</text>`;
}

/** A straight line from one point to another. @param {number[]} from @param {number[]} to */
export function rule([x1, y1], [x2, y2], stroke = INK, dash = '') {
  const dashes = dash === '' ? '' : ` stroke-dasharray="${dash}"`;
  return `<path d="M${px(x1)},${px(y1)}L${px(x2)},${px(y2)}" stroke="${stroke}"${dashes}/>`;
}

/** A level line through a panel, with its name at its left or right end, above it unless `dy` says otherwise. */
export function level(value, { x, y }, colour, name, { anchor = 'start', dy = -6 } = {}) {
  const [left, right] = x.range();
  const at = anchor === 'start' ? left + 6 : right - 6;
  return rule([left, y(value)], [right, y(value)], colour, '5 4') + text(at, y(value) + dy, name, { anchor });
}

/**
 * A panel whose scales end where it does: grid lines at the ticks, their labels, what x is below and what y is above.
 * A tick is a value, or a value and its label.
 */
export function axes({ x, y, xTicks, yTicks, xLabel, title }) {
  const [[left, right], [bottom, top]] = [x.range(), y.range()];
  const ticks = (list) => list.map((tick) => (Array.isArray(tick) ? tick : [tick, String(tick)]));
  return [
    ...ticks(xTicks).flatMap(([value, label]) => [
      rule([x(value), top], [x(value), bottom], GRID),
      text(x(value), bottom + 17, label, { faint: true }),
    ]),
    ...ticks(yTicks).flatMap(([value, label]) => [
      rule([left, y(value)], [right, y(value)], GRID),
      text(left - 7, y(value) + 4, label, { anchor: 'end', faint: true }),
    ]),
    text((left + right) / 2, bottom + 36, xLabel, { faint: true }),
    text(left, top - 10, title, { anchor: 'start', bold: true }),
  ].join('\n');
}

/** A curve through points [x, y]. @param {number[][]} points */
export function curve(points, { x, y }, colour, { dash = '', width = 2, dots = false } = {}) {
  const path = line(
    ([a]) => x(a),
    ([, b]) => y(b),
  ).digits(1)(points);
  const dashes = dash === '' ? '' : ` stroke-dasharray="${dash}"`;
  const stroke = `<path d="${path}" fill="none" stroke="${colour}" stroke-width="${width}" stroke-linejoin="round"${dashes}/>`;
  return [stroke, ...(dots ? points.map((point) => dot(point, { x, y }, colour)) : [])].join('');
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
export const dot = ([a, b], { x, y }, colour) => `<circle cx="${px(x(a))}" cy="${px(y(b))}" r="3" fill="${colour}"/>`;

/** Names at the right ends of curves, moved apart where they would overlap. @param {{ name: string, colour: string, at: number[] }[]} ends */
export function names(ends, { x, y }) {
  const sorted = ends.map((end) => ({ ...end, from: y(end.at[1]) })).sort((a, b) => a.from - b.from);
  let last = -Infinity;
  return sorted
    .map(({ name, colour, at, from }) => {
      last = Math.max(from, last + 16);
      const start = x(at[0]);
      return (
        rule([start + 2, from], [start + 14, last], colour) + text(start + 18, last + 4, name, { anchor: 'start' })
      );
    })
    .join('\n');
}

/** A name beside a point. @param {number[]} point @param {number[]} by pixels from it */
export const nameAt = ([a, b], { x, y }, name, [dx, dy], anchor = 'start') =>
  text(x(a) + dx, y(b) + dy, name, { anchor });
