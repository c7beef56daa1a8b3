/** Numbers to elements: rows of bars, the relaxed samples, the simplex. Colours and sizes are in page.css. */
import { CLASSES } from './state.js';
import { WORDS } from './tokens.js';

/** @template {keyof HTMLElementTagNameMap} T @param {T} tag @param {string} className @param {(Node | string)[]} children */
export function element(tag, className, ...children) {
  const node = document.createElement(tag);
  node.className = className;
  node.append(...children);
  return node;
}

/** @param {string} tag @param {Record<string, string | number>} attributes @param {Node[]} children */
function svg(tag, attributes, ...children) {
  const node = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  node.append(...children);
  return node;
}

/** @param {number} share */
export const percent = (share) => `${(100 * share).toFixed(1)}%`;

/** @param {Float64Array} p */
const inWords = (p) => Array.from(p, (share, k) => `${CLASSES[k]} ${percent(share)}`).join(', ');

const SERIES = ['one', 'two', 'three'];

/**
 * A row: its name, a bar for each value, a text behind each. `mark` is where a bar would end if it were as expected.
 * @param {string} name @param {{ share: number, text: string }[]} bars @param {number} [mark]
 */
export function row(name, bars, mark) {
  const tracks = bars.map(({ share, text }, i) => {
    const fill = element('i', `fill ${SERIES[i]}`);
    fill.style.setProperty('--size', String(share));
    return element('div', 'bar', element('div', 'track', fill), element('span', 'value', text));
  });
  const group = element('div', 'bars', ...tracks);
  if (mark !== undefined) {
    const line = element('i', 'expected');
    line.style.setProperty('--from', String(mark));
    for (const track of group.querySelectorAll('.track')) track.append(line.cloneNode());
  }
  return element('div', 'row', element('span', 'name', name), group);
}

/** @param {ArrayLike<number>} p */
export const probabilities = (p) => Array.from(p, (share, k) => row(CLASSES[k], [{ share, text: percent(share) }]));

/** @param {import('./state.js').Results} results */
export const draws = ({ gumbelMax, categorical, expected }) =>
  Array.from(expected, (mark, k) => {
    const bars = [gumbelMax[k], categorical[k]].map((share) => ({ share, text: percent(share) }));
    return row(CLASSES[k], bars, mark);
  });

/** A small bar chart for each sample. @param {Float64Array} y @param {number} n */
export function relaxed(y, n) {
  const charts = [];
  for (let i = 0; i < y.length; i += n) {
    const sample = y.subarray(i, i + n);
    const bars = Array.from(sample, (share, k) =>
      svg('rect', { x: k + 0.1, y: 1 - share, width: 0.8, height: share, class: 'one' }),
    );
    const frame = { viewBox: `0 0 ${n} 1`, preserveAspectRatio: 'none', role: 'img', 'aria-label': inWords(sample) };
    const chart = svg('svg', frame, ...bars);
    const names = element('div', 'names', ...Array.from(sample, (_, k) => element('span', '', CLASSES[k])));
    names.setAttribute('aria-hidden', 'true');
    charts.push(element('div', 'sample', chart, names));
  }
  return charts;
}

/** A unit below 1 would be too small for text. */
const SIDE = 100;
const HEIGHT = (SIDE * Math.sqrt(3)) / 2;

/** Points of the simplex in the plane: A is left, B right, C on top. @param {ArrayLike<number>} p rows of three */
function points(p) {
  const found = [];
  for (let i = 0; i < p.length; i += 3) {
    found.push(`${(SIDE * (p[i + 1] + p[i + 2] / 2)).toFixed(2)} ${(HEIGHT * (1 - p[i + 2])).toFixed(2)}`);
  }
  return found;
}

const CORNERS = { A: [-5, HEIGHT + 2], B: [SIDE + 5, HEIGHT + 2], C: [SIDE / 2, -3] };

/** @param {import('./state.js').Results['simplex']} simplex */
export function simplex({ p, cloud, path }) {
  const [cx, cy] = points(p)[0].split(' ');
  const dots = points(cloud).map((point) => `M${point}h0`); // the round ends of lines without length
  const labels = Object.entries(CORNERS).map(([name, [x, y]]) => {
    const label = svg('text', { x, y, 'text-anchor': 'middle' });
    label.textContent = name;
    return label;
  });
  return svg(
    'svg',
    { viewBox: '-9 -10 118 102', role: 'img', 'aria-label': `The max: ${inWords(p)}` },
    svg('path', { class: 'edge', d: `M0 ${HEIGHT}H${SIDE}L${SIDE / 2} 0Z` }),
    svg('path', { class: 'cloud', d: dots.join('') }),
    svg('path', { class: 'path', d: `M${points(path).join('L')}` }),
    svg('circle', { class: 'point', cx, cy, r: 2.2 }),
    ...labels,
  );
}

/** @param {ReturnType<typeof import('./tokens.js').computeTokens>} results */
export function tokens({ p, left, kept, drawn }) {
  const longest = Math.max(...left, ...p, ...drawn);
  return WORDS.map((word, k) => {
    const shown = kept[k] ? [left[k], drawn[k]] : [p[k]];
    const node = row(
      word,
      shown.map((share) => ({ share: share / longest, text: percent(share) })),
    );
    node.classList.toggle('cut', !kept[k]);
    return node;
  });
}

/** The backends, and a loop that a person would write; a backend that is refused has no time. */
const COMPUTED_BY = ['wasm', 'js', 'plain'];

/** @param {{ name: string, times: { wasm?: number, js: number, plain: number } }[]} results in nanoseconds */
export const benchmark = (results) =>
  results.map(({ name, times }) => {
    const longest = Math.max(...Object.values(times));
    const bars = COMPUTED_BY.map((by) => {
      const time = times[by];
      if (time === undefined) return { share: 0, text: 'refused here' };
      const faster = by === 'plain' ? '' : ` (${(times.plain / time).toFixed(1)}×)`;
      return { share: time / longest, text: `${time.toFixed(2)} ns${faster}` };
    });
    return row(name, bars);
  });
