/**
 * Every example of a docstring runs on the built package. Where the comment behind a statement is a number, a list of numbers or
 * true or false, the statement gives that, to the digits that are written.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const root = new URL('../..', import.meta.url).pathname;
/** The declarations of each entry, and the module beside them. */
const manifest = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as {
  exports: Record<string, { types?: string; default?: string } | string>;
};
const modules = new Map(
  Object.entries(manifest.exports).flatMap(([path, entry]) =>
    typeof entry === 'object' && entry.types && !path.startsWith('./js') ? [[entry.types, entry.default!]] : [],
  ),
);

interface Example {
  readonly at: string;
  readonly code: string;
}

/** The examples of a file; those that fetch something, or are of another library, are read only. */
function examplesOf(file: string): Example[] {
  const text = readFileSync(root + file, 'utf8');
  return [...text.matchAll(/\/\*\*[\s\S]*?\*\//g)].flatMap(({ 0: comment, index }) => {
    const after = /^\s*(?:(?:declare|readonly|static|function|class|const|interface|type) )*(\w*)/.exec(
      text.slice(index + comment.length),
    )?.[1];
    const lines = comment.replace(/\s*\*\/$/, '').replace(/^\s*\* ?/gm, '');
    return [...lines.matchAll(/^@example\n([\s\S]*?)(?=^@|$(?![\s\S]))/gm)].map((match) => ({
      at: `${file}: ${after}, line ${text.slice(0, index).split('\n').length}`,
      code: match[1]!.trim(),
    }));
  });
}

const examples = [...modules.keys()].flatMap(examplesOf).filter(({ code }) => !/\bfetch\(|\btf\./.test(code));

const VALUE = /^(?:\w+Array )?(\[[^\]]*\]|-?[\d.]+(?:e-?\d+)?|-?Infinity|NaN|true|false)$/;

/** An example as the body of a function that tells what its statements give. */
function told(code: string): { body: string; expected: string[] } {
  const expected: string[] = [];
  const body = code.split('\n').map((line) => {
    const [, name, value, comment] = /^(?:const (\w+) = )?([^\s].*);\s+\/\/ (.*)$/.exec(line) ?? [];
    const wanted = VALUE.exec(comment ?? '')?.[1];
    if (value === undefined || wanted === undefined) return line;
    expected.push(wanted);
    return name === undefined ? `give(${value});` : `const ${name} = ${value}; give(${name});`;
  });
  return { body: body.join('\n'), expected };
}

/** What a statement gave, as the comment writes it. */
function written(value: unknown, like: string): string {
  const numbers = like.match(/-?[\d.]+(?:e-?\d+)?|-?Infinity|NaN|true|false/g) ?? [];
  const values = Array.isArray(value) ? value : [value];
  if (values.length !== numbers.length) return JSON.stringify(values);
  const each = values.map((v: unknown, i) => {
    const decimals = /^-?\d+\.(\d+)$/.exec(numbers[i]!)?.[1];
    return decimals === undefined || typeof v !== 'number' ? String(v) : v.toFixed(decimals.length);
  });
  return like.startsWith('[') ? `[${each.join(', ')}]` : each.join();
}

/** All of them in one process, each in a function of its own. */
function run(): (unknown[] | string)[] {
  mkdirSync(`${root}build`, { recursive: true });
  const paths = [...modules.values()].map((path) => `'.${path}'`);
  const script = `
const modules = await Promise.all([${paths.join()}].map((path) => import(path)));
const all = Object.assign({}, ...modules);
const plain = (value) => (ArrayBuffer.isView(value) ? Array.from(value, plain) : typeof value === 'number' && !Number.isFinite(value) ? String(value) : value);
const AsyncFunction = (async () => {}).constructor;
const results = [];
for (const body of ${JSON.stringify(examples.map(({ code }) => told(code).body))}) {
  const given = [];
  const names = Object.keys(all).filter((name) => /^[a-zA-Z]\\w*$/.test(name) && name !== 'default');
  try {
    await new AsyncFunction('give', ...names, '{' + body + '\\n}')((value) => given.push(plain(value)), ...names.map((name) => all[name]));
    results.push(given);
  } catch (error) {
    results.push(String(error));
  }
}
console.log(JSON.stringify(results));
`;
  writeFileSync(`${root}build/docstring_examples.mjs`, script);
  return JSON.parse(
    execFileSync(process.execPath, [`${root}build/docstring_examples.mjs`], { encoding: 'utf8' }),
  ) as [];
}

const results = run();

test.each(examples.map((example, i) => ({ ...example, i })))('$at', ({ code, i }) => {
  const { expected } = told(code),
    given = results[i]!;
  expect(given, code).toBeInstanceOf(Array);
  expect((given as unknown[]).map((value, j) => written(value, expected[j] ?? ''))).toEqual(expected);
});
