// The colours of examples/browser/page.css, light and dark: contrast as WCAG 2.2 defines it, 4.5 for text (1.4.3) and
// 3 for what is drawn (1.4.11); the two series also differ in lightness, for whoever sees no colour.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { root } from '../support/packed.mjs';

const WANTED = [
  ['text', 'panel', 4.5],
  ['text', 'page', 4.5],
  ['soft', 'panel', 4.5],
  ['soft', 'page', 4.5],
  ['wrong', 'panel', 4.5],
  ['control', 'panel', 3],
  ['control', 'track', 3],
  ['one', 'panel', 3],
  ['one', 'track', 3],
  ['two', 'panel', 3],
  ['two', 'track', 3],
  ['one', 'two', 1.6],
];

/** Relative luminance of #rrggbb. */
function luminance(colour) {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const c = parseInt(colour.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

export function contrast() {
  const css = readFileSync(`${root}examples/browser/page.css`, 'utf8');
  const schemes = [...css.matchAll(/:root \{([^}]*)\}/g)].map(([, block]) =>
    Object.fromEntries([...block.matchAll(/--(\w+): (#[\da-f]{6});/g)].map(([, name, colour]) => [name, colour])),
  );
  assert.equal(schemes.length, 2);
  const ratios = schemes.flatMap((colours, i) =>
    WANTED.map(([a, b, least]) => {
      const [dark, light] = [luminance(colours[a]), luminance(colours[b])].toSorted((x, y) => x - y);
      const ratio = (light + 0.05) / (dark + 0.05);
      assert(ratio >= least, `${['light', 'dark'][i]}: ${a} on ${b} is ${ratio.toFixed(2)}, not ${least}`);
      return ratio;
    }),
  );
  return `${ratios.length} pairs of colours`;
}
