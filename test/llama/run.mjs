// npm run test:llama: truncate and penalize against llama.cpp's samplers, compiled from the C++ sources that npm's llama.rn
// ships: what is left of random rows, its probabilities, and the DRY lines of docs/guide/tokens.md. Rows where a comparison is
// closer than llama.cpp's float32 sums tell are not compared; how many is printed.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { key, random, softmax } from '../../dist/index.js';
import { addBias, penalize, truncate } from '../../dist/index.tokens.js';
import { installCommand, installLocked, root, run, runChecks } from '../support/packed.mjs';
import { repeats } from '../support/repeats.mjs';

const here = join(root, 'test/llama'),
  sources = join(here, 'node_modules/llama.rn/cpp'),
  folder = mkdtempSync(join(tmpdir(), 'anymax-test-llama-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** The definitions in f64, which tell where a comparison is close. */
const { outputFiles } = await build({
  entryPoints: [join(root, 'test/oracles/tokens.ts')],
  bundle: true,
  write: false,
  format: 'esm',
});
const { truncated } = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0].text)}`);

/** Its sampler's file and our main program. Nothing is run of what else that file names, so it may stay unresolved. */
function compile() {
  installCommand('g++');
  installLocked(here);
  const began = Date.now();
  const files = [join(here, 'samplers.cpp'), join(sources, 'llama-sampler.cpp')];
  const flags = ['-O1', '-std=c++17', '-no-pie', '-Wl,--unresolved-symbols=ignore-all'];
  run('g++', [...flags, `-I${sources}`, `-I${join(sources, 'common')}`, ...files, '-o', join(folder, 'samplers')]);
  return `${((Date.now() - began) / 1000).toFixed(0)} s`;
}

const bits = new Uint32Array(1),
  float = new Float32Array(bits.buffer);
const uniforms = random.uniform(key('choices'), 100_000);
let next = 0;
const pick = (values) => values[Math.floor(uniforms[next++ % uniforms.length] * values.length)];

/** What llama.cpp leaves of each case, as a map from tokens to probabilities. */
function llama(cases) {
  const lines = cases.map(({ logits, calls }) => {
    const words = new Uint32Array(logits.buffer, logits.byteOffset, logits.length);
    return `${logits.length} ${words.join(' ')} ${calls.map((call) => call.join(' ')).join(' ')} end`;
  });
  const output = run(join(folder, 'samplers'), [], {
    stdio: ['pipe', 'pipe', 'pipe'],
    input: `${lines.join('\n')}\n`,
    maxBuffer: 2 ** 30,
  });
  const answers = output.trimEnd().split('\n');
  assert.equal(answers.length, cases.length);
  return answers.map((line) => {
    const [count, ...pairs] = line.split(' ').map(Number);
    assert.equal(pairs.length, 2 * count);
    const left = new Map();
    for (let i = 0; i < pairs.length; i += 2) {
      bits[0] = pairs[i + 1];
      if (float[0] > 0) left.set(pairs[i], float[0]);
    }
    return left;
  });
}

/** Rows, their logits apart by `spread`, some of them likely. */
function rowOf(n, seed) {
  const spread = pick([0.5, 1, 2.5, 4]),
    logits = random.normal(key(`row ${seed}`), n).map((v) => spread * v);
  for (let i = 0; i < n / 50; i++) logits[(i * 7919) % n] += pick([0, 3, 8]);
  return logits;
}

/** The same tokens, with the same probabilities; those below f32's range count as none. */
function same(left, expected, label) {
  const p = softmax(left, left.length);
  for (const [token, share] of expected) {
    assert(Math.abs(p[token] - share) <= 1e-4 * share + 1e-7, `${label}: p of ${token} is ${p[token]}, ${share} there`);
  }
  p.forEach((share, token) => assert(share < 1e-37 || expected.has(token), `${label}: ${token} is not left there`));
}

const STEPS = {
  nSigma: [0.5, 1, 1.5, 2.5],
  topK: [1, 2, 5, 20, 100, 1000],
  typicalP: [0.1, 0.5, 0.9, 0.95],
  topP: [0.05, 0.3, 0.5, 0.8, 0.95, 0.99],
  minP: [0.001, 0.02, 0.1, 0.5, 0.9],
  xtcThreshold: [0.01, 0.05, 0.1, 0.2, 0.4, 0.5],
};
const KEEPING = ['typicalP', 'topP', 'minP'];

/** Rows through some steps at a temperature, in our order, which is llama.cpp's; nSigma does not see T. */
function compareSteps(names, count) {
  const cases = Array.from({ length: count }, (_, seed) => {
    const n = pick([3, 10, 50, 300, 1000, 4000]),
      options = Object.fromEntries(names.map((name) => [name, pick(STEPS[name])])),
      minKeep = names.every((name) => KEEPING.includes(name)) ? pick([1, 1, 2, 5]) : 1,
      temperature = pick([1, 1, 0.7, 1.5]);
    const calls = names.map((name) => [name, options[name], ...(KEEPING.includes(name) ? [minKeep] : [])]);
    calls.splice(names[0] === 'nSigma' ? 1 : 0, 0, ['temperature', temperature]);
    return { logits: rowOf(n, seed), calls, options: { ...options, minKeep, temperature } };
  });
  let compared = 0;
  llama(cases).forEach((expected, i) => {
    const { logits, options } = cases[i];
    const rounded = Object.fromEntries(Object.entries(options).map(([name, v]) => [name, Math.fround(v)]));
    if (truncated(logits, rounded, 2e-5).close) return;
    compared++;
    const left = truncate(logits, logits.length, options).map((v) => v / options.temperature);
    same(left, expected, `row ${i} of ${logits.length}, ${JSON.stringify(options)}`);
  });
  assert(compared > count / 3, `only ${compared} of ${count} rows were compared`);
  return `${compared} of ${count} rows compared`;
}

function comparePenalties() {
  const cases = Array.from({ length: 300 }, (_, seed) => {
    const n = pick([5, 50, 1000]),
      history = Array.from({ length: pick([1, 5, 64, 200]) }, () => pick([...Array(Math.min(n, 40)).keys()]));
    const penalties = {
      repetition: pick([1, 1.1, 1.5, 0.8]),
      frequency: pick([0, 0.5, -0.3]),
      presence: pick([0, 1, -1]),
    };
    return {
      logits: rowOf(n, seed),
      history,
      penalties,
      calls: [['penalize', ...Object.values(penalties), history.length, ...history]],
    };
  });
  llama(cases).forEach((expected, i) => {
    const { logits, history, penalties } = cases[i];
    const left = penalize(logits, logits.length, Int32Array.from(history), penalties);
    same(left, expected, `row ${i}, ${JSON.stringify(penalties)}`);
  });
  return `${cases.length} rows`;
}

function compareDry() {
  const cases = Array.from({ length: 300 }, (_, seed) => {
    const letters = pick([2, 3, 6, 20]),
      history = Array.from({ length: pick([1, 4, 20, 100]) }, () => pick([...Array(letters).keys()])),
      [multiplier, base, allowed] = [pick([0.5, 0.8, 2]), pick([1.1, 1.75, 2]), pick([1, 2, 4])];
    return {
      logits: rowOf(50, seed),
      history,
      multiplier,
      base,
      allowed,
      calls: [['dry', multiplier, base, allowed, history.length, ...history]],
    };
  });
  llama(cases).forEach((expected, i) => {
    const { logits, history, multiplier, base, allowed } = cases[i],
      long = [...repeats(history)].filter(([, length]) => length >= allowed),
      tokens = Int32Array.from(long, ([token]) => token),
      values = Float32Array.from(long, ([, length]) => -multiplier * base ** (length - allowed));
    same(addBias(logits, logits.length, tokens, values), expected, `row ${i}, history ${history}`);
  });
  return `${cases.length} rows`;
}

await runChecks([
  ['llama.cpp compiles', compile],
  ...Object.keys(STEPS).map((name) => [name, () => compareSteps([name], 300)]),
  ['topK, topP, minP', () => compareSteps(['topK', 'topP', 'minP'], 300)],
  ['topK to xtcThreshold', () => compareSteps(['topK', 'typicalP', 'topP', 'minP', 'xtcThreshold'], 300)],
  ['nSigma, topK, topP, minP', () => compareSteps(['nSigma', 'topK', 'topP', 'minP'], 300)],
  ['penalties', comparePenalties],
  ['DRY by the lines of the guide', compareDry],
]);
