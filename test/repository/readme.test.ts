/**
 * Every js block of README.md and of the pages in docs/ runs as it stands, on the built package. It prints what its `// =>`
 * comments say, to the digits that they give, or exactly what a text block right behind it shows. A block whose first line is
 * the name of a file belongs to a recipe, and test/recipes runs it.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = `${root}build/readme`; // inside the package, where its own name leads to dist/

/** The pages, without what is installed or made. */
const pages = [
  'README.md',
  ...['docs', 'docs/guide', 'docs/reference'].flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => `${folder}/${name}`),
  ),
].map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));

const blocks = pages.flatMap(({ path, text }) =>
  [...text.matchAll(/^```js\n(?!\/\/ \S+\.[cm]?js\n)([\s\S]*?)^```$\n*(?:^```text\n([\s\S]*?)^```$)?/gm)].map(
    (match) => ({
      at: `${path}, line ${text.slice(0, match.index).split('\n').length}`,
      code: match[1]!,
      output: match[2],
    }),
  ),
);

/** Words and numbers without what console.log puts around them. */
const tokens = (text: string): string[] => text.replace(/\w+Array\(\d+\)|[[\]{},]/g, ' ').match(/\S+/g) ?? [];

const wanted = (code: string): string[] => tokens([...code.matchAll(/\/\/ => (.*)$/gm)].map((m) => m[1]!).join('\n'));

/** A printed number with as many decimals as the page gives of it. */
function rounded(printed: string, like: string | undefined): string {
  const decimals = /^-?\d+\.(\d+)$/.exec(like ?? '')?.[1];
  return decimals === undefined || Number.isNaN(Number(printed)) ? printed : Number(printed).toFixed(decimals.length);
}

test('blocks import the package and print what is checked', () => {
  expect(blocks.length).toBeGreaterThan(25);
  const all = pages.map(
    ({ text }) =>
      text.match(/^ *(```|~~~) *(js|javascript|mjs|ts|typescript)\n(?!\/\/ \S+\.[cm]?js\n)/gim)?.length ?? 0,
  );
  expect(blocks.length).toBe(all.reduce((a, b) => a + b));
  for (const { at, code, output } of blocks) {
    expect(code, at).toMatch(/from 'anymax[/\w]*'/);
    const printed = code.match(/\bconsole\.log\(.*$/gm) ?? [];
    if (output === undefined)
      expect(
        printed.filter((line) => !line.includes('// => ')),
        at,
      ).toEqual([]);
    expect(
      code.split('\n').filter((line) => line.length > 120),
      at,
    ).toEqual([]);
  }
});

test.concurrent.each(blocks)('$at', async ({ at, code, output }) => {
  mkdirSync(folder, { recursive: true });
  const file = `${folder}/${at.replace(/\W+/g, '_')}.mjs`;
  writeFileSync(file, code);
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [file], { cwd: root });
  expect(stderr).toBe('');
  if (output !== undefined) {
    expect(stdout).toBe(output);
    return;
  }
  const expected = wanted(code);
  expect(tokens(stdout).map((token, i) => rounded(token, expected[i]))).toEqual(expected);
});

test('README.md has at most 12 kB, and its first block lines of at most 90', () => {
  const { text } = pages[0]!;
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(12_000);
  expect(blocks[0]!.code.split('\n').filter((line) => line.length > 90)).toEqual([]);
});

/** The anchors of a page, as GitHub makes them. */
const anchors = (text: string): string[] =>
  [...text.matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
    title!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

test.each(pages)('links of $path lead somewhere', ({ path, text }) => {
  const prose = text.replace(/^```[\s\S]*?^```$/gm, '').replace(/`[^`\n]*`/g, '');
  for (const [, link] of prose.matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^https?:/.test(link!)) continue;
    const [file, anchor] = link!.split('#') as [string, string?];
    const target = file === '' ? join(root, path) : join(root, dirname(path), file);
    expect(existsSync(target), `${link} in ${path}`).toBe(true);
    expect(relative(root, target).startsWith('..'), link).toBe(false);
    if (anchor !== undefined) expect(anchors(readFileSync(target, 'utf8')), `${link} in ${path}`).toContain(anchor);
  }
});
