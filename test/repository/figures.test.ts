/** The pictures of docs/figures, as they are committed: `npm run figures` draws them. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const folder = fileURLToPath(new URL('../../docs/figures/', import.meta.url));
const main = readFileSync(new URL('../../examples/figures/main.mjs', import.meta.url), 'utf8');
const drawn = /of \[([\w, ]+)\]/.exec(main)![1]!.split(', ');

test('are those that examples/figures draws', () => {
  expect(readdirSync(folder).sort()).toEqual(drawn.map((name) => `${name}.svg`).sort());
});

test.each(drawn)('%s: small, whole, with a title and a background, and without a number that is none', (name) => {
  const svg = readFileSync(`${folder}${name}.svg`, 'utf8');
  expect(svg.length).toBeLessThan(60_000);
  expect(svg).toMatch(
    /^<svg [^>]*>\n<title>[^<]{20,}<\/title>\n<style>.*prefers-color-scheme:dark.*<\/style>\n<rect [^>]*fill="var\(--ground\)"/,
  );
  expect(svg).toMatch(/<\/svg>\n$/);
  expect(svg).not.toMatch(/NaN|Infinity|undefined|null/);
});
