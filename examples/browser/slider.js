/** A bar that is a slider: dragged by a pointer, moved by keys, as the ARIA Authoring Practices have it. */
import { element } from './drawing.js';

/** Steps of a key. */
const KEYS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 };

/**
 * @param {string} label
 * @param {{ min: number, max: number, step: number }} range
 * @param {(value: number) => void} onChange with a value of the range, a multiple of its step
 */
export function slider(label, { min, max, step }, onChange) {
  const bar = element('i', 'fill');
  const node = element('div', 'slider', bar);
  node.tabIndex = 0;
  const attributes = { role: 'slider', 'aria-label': label, 'aria-valuemin': min, 'aria-valuemax': max };
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  let current = 0;

  /** @param {number} value */
  const change = (value) => {
    const decimals = Math.round(1 / step);
    onChange(Math.min(max, Math.max(min, Math.round(value * decimals) / decimals)));
  };
  /** @param {PointerEvent} event */
  const follow = (event) => {
    const { left, width } = node.getBoundingClientRect();
    change(min + ((event.clientX - left) / width) * (max - min));
  };
  node.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    node.setPointerCapture(event.pointerId);
    follow(event);
  });
  node.addEventListener('pointermove', (event) => {
    if (node.hasPointerCapture(event.pointerId)) follow(event);
  });
  node.addEventListener('keydown', (event) => {
    const limit = { Home: min, End: max }[event.key];
    const steps = KEYS[event.key];
    if (limit === undefined && steps === undefined) return;
    event.preventDefault(); // the page does not scroll
    change(limit ?? current + steps * step);
  });

  return {
    node,
    /** @param {number} value */
    show(value) {
      const masked = value === -Infinity;
      current = masked ? min : value;
      node.setAttribute('aria-valuenow', String(current));
      if (masked) node.setAttribute('aria-valuetext', 'masked');
      else node.removeAttribute('aria-valuetext');
      const [from, to] = [0, masked ? 0 : value].sort((a, b) => a - b).map((end) => (end - min) / (max - min));
      bar.style.setProperty('--from', String(from));
      bar.style.setProperty('--size', String(to - from));
    },
  };
}
