/** scripts/turns.mjs: the same results with elements in turns, and what it refuses. */
import { expect, test } from 'vitest';
import { inTurns } from '../../scripts/turns.mjs';

const FILE = '/src/js/math/exponents.ts';
const round = Math.fround;

const OTHER = '/src/js/math/other.ts';
const other = `
export const two = 2;
export function half(x: number): number { return round(x / two); }`;
const load = (path: string): string => {
  expect(path).toBe(OTHER);
  return other;
};
const program = (loop: string): string => `
import * as Other from './other.ts';
function square(x: number, low: number): number {
  const twice = 2 * x, y = round(twice * x);
  return y - low > 0.5 && x < 0.9 ? -branches(y) : Math.abs(y);
}
function branches(x: number): number {
  if (x > 1) return x;
  const y = x / 3;
  return y;
}
export function fill(src: Float32Array, dst: Float32Array, from: number, n: number): void {
  const a = 1 / 3;
  ${loop}
}`;

/** What a program makes of n elements, as it is and in turns. */
function results(loop: string, n: number): Float32Array[] {
  const text = program(loop);
  return [text, inTurns(FILE, text, load)].map((code) => {
    const plain = `${other}\n${code}`
      .replace(/^import \* as .*$/gm, 'const Other = { half };')
      .replace(/^import \{ two as (\w+) .*$/gm, 'const $1 = two;')
      .replace(/\bexport |: (?:number|void|Float32Array)\b/g, '');
    const fill = new Function('round', `${plain}; return fill;`)(round) as (...args: unknown[]) => void;
    const src = Float32Array.from({ length: 64 }, (_, i) => Math.sin(i)),
      dst = new Float32Array(64);
    fill(src, dst, 3, n);
    return dst;
  });
}

const LOOPS = {
  'calls of functions of this file and of another': `
  for (let i = 0; i < n; i++) dst[i] = Other.half(square(src[i], 0.5) + a);`,
  'constants and several counters': `
  for (let i = 0, x = from; i < n; i++, x += 2) {
    const v = src[x], s = square(round(v + i), v);
    dst[i] = s;
    dst[i + 32] -= Other.half(s);
  }`,
};

for (const [name, loop] of Object.entries(LOOPS)) {
  test(`${name}: the same results, whatever is left over`, () => {
    for (const n of [0, 1, 7, 8, 9, 23]) {
      const [plain, turned] = results(loop, n);
      expect(turned).toEqual(plain);
    }
  });
}

test('other files stay as they are; a branch, or no loop at all, is an error', () => {
  expect(inTurns(OTHER, other, load)).toBe(other);
  expect(() => inTurns(FILE, program('for (let i = 0; i < n; i++) if (i > 2) return;'), load)).toThrow('straight-line');
  expect(() => inTurns(FILE, program(''), load)).toThrow('no loop in fill');
});
