// npm run test:mutate: changes src/js in one place at a time - an operator, a constant - and asks test/mutation/check.ts,
// bundled with the mutant, whether anything is noticed. Fails where less than 90 % of the mutants are; the survivors are
// printed with their reasons, as far as test/mutation/survivors.json has them.
//
//   npm run test:mutate                 240 mutants of a fixed seed
//   npm run test:mutate -- --all        all of them
//   npm run test:mutate -- --only max/  those of some files
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import ts from '@typescript/typescript6';
import { build } from 'esbuild';
import { dtypes } from './dtypes.mjs';

const TREE = resolve('src/js');
const SAMPLE = 240;
/** The part of the mutants that has to be noticed. */
const LEAST = 0.9;

const SWAPS = [
  ['+', '-'],
  ['*', '/'],
  ['+=', '-='],
  ['*=', '/='],
  ['<', '<='],
  ['>', '>='],
  ['===', '!=='],
  ['&&', '||'],
  ['&', '|'],
  ['<<', '>>'],
];
const OPERATORS = new Map([...SWAPS.flatMap(([a, b]) => [[a, b], [b, a]]), ['%', '*'], ['>>>', '>>'], ['^', '|'], ['|=', '&='], ['^=', '|=']]); // prettier-ignore

/** Every place of a file: [from, to) becomes `text`. */
function placesOf(file) {
  const source = ts.createSourceFile(file, readFileSync(join(TREE, file), 'utf8'), ts.ScriptTarget.Latest, true);
  const places = [];
  const place = (node, text) => {
    const from = node.getStart();
    const { line } = source.getLineAndCharacterOfPosition(from);
    const at = source.text.split('\n')[line].trim();
    places.push({ file, line: line + 1, at, from, to: node.end, was: node.getText(), text });
  };
  const visit = (node) => {
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isInterfaceDeclaration(node)) return;
    if (ts.isBinaryExpression(node) && OPERATORS.has(node.operatorToken.getText())) {
      place(node.operatorToken, OPERATORS.get(node.operatorToken.getText()));
    } else if (ts.isPrefixUnaryExpression(node) && ['-', '!', '~'].includes(ts.tokenToString(node.operator))) {
      place(node, node.operand.getText());
    } else if (ts.isNumericLiteral(node)) {
      place(node, String(Number(node.text) + 1));
    } else if (ts.isPropertyAccessExpression(node)) {
      const text = node.getText();
      if (/^c\.[A-Z]/.test(text)) {
        place(node, `(Number.isInteger(${text}) ? ${text} + 1 : ${text} * (1 + 2 ** -20))`);
      } else if (text === 'Math.min' || text === 'Math.max') {
        place(node, text === 'Math.min' ? 'Math.max' : 'Math.min');
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return places;
}

/** The check with a file of src/js replaced, as CommonJS; only the JavaScript backend is in it. */
async function bundle(mutant) {
  const plugin = {
    name: 'mutant',
    setup({ onResolve, onLoad, resolve: find }) {
      onResolve({ filter: /\/embedded\.ts$/ }, ({ resolveDir, kind }) => find('./wasm/none.ts', { resolveDir, kind })); // prettier-ignore
      if (mutant === undefined) return;
      const path = join(TREE, mutant.file);
      onLoad({ filter: /\?bytes=[48]$/, namespace: 'dtypes' }, ({ path: id }) => {
        if (id.replace(/\?bytes=[48]$/, '') !== path) return undefined;
        const text = readFileSync(path, 'utf8');
        const contents = text.slice(0, mutant.from) + mutant.text + text.slice(mutant.to);
        return { contents, loader: 'ts', resolveDir: join(path, '..') };
      });
    },
  };
  const options = { bundle: true, format: 'cjs', platform: 'node', target: 'es2022', minifySyntax: true, write: false };
  const result = await build({ entryPoints: ['test/mutation/check.ts'], plugins: [plugin, dtypes], ...options });
  return result.outputFiles[0].text;
}

function load(code) {
  const module = { exports: {} };
  new Function('module', 'exports', code)(module, module.exports);
  return module.exports;
}

/** What the check says of some code, in a thread that is ended where it does not end. */
function judge(code, expected, limit) {
  return new Promise((done) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: { code, expected } });
    const timer = setTimeout(() => void worker.terminate().then(() => done('does not end')), limit);
    const settle = (verdict) => {
      clearTimeout(timer);
      done(verdict);
    };
    worker.once('message', settle);
    worker.once('error', (error) => settle(String(error)));
  });
}

/** `count` of the places, in an order that only a seed decides. */
function sample(places, count) {
  let state = 20261121;
  const random = () => ((state = (Math.imul(state, 1664525) + 1013904223) | 0) >>> 0) / 2 ** 32;
  const rest = [...places];
  return Array.from({ length: Math.min(count, rest.length) }, () => rest.splice(Math.floor(random() * rest.length), 1)[0]); // prettier-ignore
}

async function main() {
  const options = { all: { type: 'boolean' }, only: { type: 'string', default: '' } };
  const { all, only } = parseArgs({ options }).values;
  const files = readdirSync(TREE, { recursive: true }).filter((name) => name.endsWith('.ts'));
  const places = files.toSorted().flatMap(placesOf).filter(({ file }) => file.includes(only)); // prettier-ignore
  const mutants = all ? places : sample(places, SAMPLE);
  const original = await bundle();
  const wasm = new WebAssembly.Instance(new WebAssembly.Module(readFileSync('build/anymax.wasm')));
  const expected = load(original).expected(wasm.exports);
  const started = performance.now();
  const verdict = await judge(original, expected, 120_000);
  if (verdict !== undefined) throw new Error(`what is not changed fails: ${verdict}`);
  const took = performance.now() - started;
  console.log(
    `${mutants.length} of ${places.length} mutants, ${expected.hashes.length} calls, ${(took / 1000).toFixed(1)} s`,
  );

  const reasons = JSON.parse(readFileSync('test/mutation/survivors.json', 'utf8'));
  const survivors = [];
  const queue = mutants.values();
  await Promise.all(
    Array.from({ length: availableParallelism() }, async () => {
      for (const mutant of queue) {
        if ((await judge(await bundle(mutant), expected, 2 * took + 2000)) !== undefined) continue;
        survivors.push(mutant);
        console.log(`survives: ${mutant.file}:${mutant.line}  ${mutant.was} -> ${mutant.text}`);
      }
    }),
  );
  let unexplained = 0;
  for (const { file, line, at, was, text } of survivors.toSorted(
    (a, b) => a.file.localeCompare(b.file) || a.line - b.line,
  )) {
    // prettier-ignore
    const reason = reasons[file]?.find((entry) => entry.at === at && entry.was === was)?.reason;
    if (reason === undefined) unexplained++;
    console.log(`${file}:${line}  ${at}\n    ${was} -> ${text}: ${reason ?? 'NOT EXPLAINED'}`);
  }
  const killed = 1 - survivors.length / mutants.length;
  console.log(`${(100 * killed).toFixed(1)} % noticed, ${survivors.length} survive, ${unexplained} without a reason, ${((performance.now() - started) / 1000).toFixed(0)} s`); // prettier-ignore
  if (killed < LEAST) process.exitCode = 1;
}

if (isMainThread) await main();
else parentPort.postMessage(load(workerData.code).check(workerData.expected));
