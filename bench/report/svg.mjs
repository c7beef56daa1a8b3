/** SVG as strings: elements, the theme, and what every chart has. */
import { scaleLog } from 'd3-scale';
import { FONT, THEME } from '../../examples/figures/theme.mjs';

/** @param {unknown} text */
export const escape = (text) => String(text).replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

/** An element; numbers are rounded to a hundredth. @param {string} tag @param {Record<string, unknown>} attributes @param {...string} children */
export function element(tag, attributes, ...children) {
  const all = Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escape(typeof value === 'number' ? Math.round(value * 100) / 100 : value)}"`)
    .join('');
  return children.length === 0 ? `<${tag}${all}/>` : `<${tag}${all}>${children.join('')}</${tag}>`;
}

/** @param {number} x @param {number} y @param {string} text @param {Record<string, unknown>} attributes */
export const label = (x, y, text, attributes = {}) => element('text', { x, y, ...attributes }, escape(text));

/** The colour of series i. @param {number} i */
export const colour = (i) => `var(--c${i % 9})`;

/**
 * A chart as a document of its own: it brings its colours, light and dark.
 * @param {number} width @param {number} height @param {string} title @param {string} subtitle @param {string} body
 */
export function chart(width, height, title, subtitle, body) {
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: 'img',
      'aria-label': title,
    },
    element('style', {}, THEME + FONT),
    element('rect', { width, height, fill: 'var(--ground)' }),
    label(16, 26, title, { class: 'title' }),
    label(16, 44, subtitle, { class: 'faint' }),
    body,
  );
}

/** A logarithmic scale over all values, its ends at marks of 1, 2, 5 and their powers of ten. @param {number[]} values @param {[number, number]} range */
export function logScale(values, range) {
  const marks = marksFrom(Math.min(...values), Math.max(...values));
  return scaleLog([marks[0], marks.at(-1)], range);
}

/** 1, 2 and 5 times the powers of ten, from the one at or below `least` to the one at or above `most`. */
function marksFrom(least, most) {
  const marks = [];
  for (let exponent = Math.floor(Math.log10(least)); 10 ** exponent <= most * 10; exponent++) {
    for (const digit of [1, 2, 5]) marks.push(Number(`${digit}e${exponent}`));
  }
  const from = marks.findLastIndex((mark) => mark <= least);
  const to = marks.findIndex((mark) => mark >= most);
  return marks.slice(from, Math.max(to, from + 1) + 1);
}

/** The marks of a scale: as many as there is room for. @param {ReturnType<typeof logScale>} scale @param {number} apart pixels between two at least */
export function marksOf(scale, apart) {
  const all = marksFrom(...scale.domain());
  const [a, b] = scale.range();
  const decades = Math.log10(scale.domain()[1] / scale.domain()[0]);
  if ((Math.abs(b - a) / decades) * 0.3 >= apart) return all;
  const step = Math.max(1, Math.ceil((apart * decades) / Math.abs(b - a)));
  return all.filter((mark) => Math.abs(Math.log10(mark) % step) < 1e-9);
}

/** 1000 as 1k, 1048576 as 1M, 0.05 as it is. @param {number} value */
export function short(value) {
  if (value >= 1e6) return `${Number((value / 1e6).toPrecision(3))}M`;
  return value >= 1e3 ? `${Number((value / 1e3).toPrecision(3))}k` : String(Number(value.toPrecision(3)));
}

/** Vertical grid lines with their marks below. @param {ReturnType<typeof logScale>} x @param {number} top @param {number} bottom @param {string} unit */
export function axisBelow(x, top, bottom, unit) {
  const lines = marksOf(x, 30).map((mark) => {
    const line = element('line', { x1: x(mark), x2: x(mark), y1: top, y2: bottom, stroke: 'var(--grid)' });
    return line + label(x(mark), bottom + 16, short(mark) + unit, { 'text-anchor': 'middle', class: 'faint' });
  });
  return lines.join('');
}

/** Horizontal grid lines with their marks to the left. @param {ReturnType<typeof logScale>} y @param {number} left @param {number} right */
export function axisLeft(y, left, right) {
  const lines = marksOf(y, 16).map((mark) => {
    const line = element('line', { x1: left, x2: right, y1: y(mark), y2: y(mark), stroke: 'var(--grid)' });
    return line + label(left - 6, y(mark) + 4, short(mark), { 'text-anchor': 'end', class: 'faint' });
  });
  return lines.join('');
}
