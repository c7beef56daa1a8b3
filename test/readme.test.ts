/** Every js block of README.md runs as it stands, on the built package, and prints what its `// =>` comments say. */
import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(`${root}README.md`, 'utf8');
const folder = `${root}build/readme`; // inside the package, where its own name leads to dist/
const blocks = [...readme.matchAll(/^```js\n([\s\S]*?)^```$/gm)].map((match) => ({
  code: match[1]!,
  line: readme.slice(0, match.index).split('\n').length,
}));

/** Words and numbers without what console.log puts around them. */
const tokens = (text: string): string[] => text.replace(/\w+Array\(\d+\)|[[\]{},]/g, ' ').match(/\S+/g) ?? [];

const wanted = (code: string): string[] => tokens([...code.matchAll(/\/\/ => (.*)$/gm)].map((m) => m[1]!).join('\n'));

/** A printed number with as many decimals as README gives of it. */
function rounded(printed: string, like: string | undefined): string {
  const decimals = /^-?\d+\.(\d+)$/.exec(like ?? '')?.[1];
  return decimals === undefined || Number.isNaN(Number(printed)) ? printed : Number(printed).toFixed(decimals.length);
}

test('README.md has js blocks, and only such that import the package and print what is checked', () => {
  expect(blocks.length).toBeGreaterThan(5);
  expect(blocks.length).toBe(readme.match(/^ *(```|~~~) *(js|javascript|mjs|ts|typescript)\b/gim)?.length);
  for (const { code } of blocks) {
    expect(code).toContain(`from 'anymax'`);
    expect(code.match(/^console\.log\(.*$/gm)?.filter((line) => !line.includes('// => ')) ?? []).toEqual([]);
  }
});

test.concurrent.each(blocks)('README.md, line $line', async ({ code, line }) => {
  mkdirSync(folder, { recursive: true });
  const file = `${folder}/line_${line}.mjs`;
  writeFileSync(file, code);
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [file], { cwd: root });
  expect(stderr).toBe('');
  const expected = wanted(code);
  expect(tokens(stdout).map((token, i) => rounded(token, expected[i]))).toEqual(expected);
});
