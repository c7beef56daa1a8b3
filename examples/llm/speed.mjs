// node examples/llm/speed.mjs, after npm run build: microseconds for a token, by anymax and by transformers.js's own functions.
import { softmax, Tensor, topk } from '@huggingface/transformers';
import { argmax, key, random } from '../../dist/index.js';
import { sampleTokens } from '../../dist/index.tokens.js';

const SIZES = [32_768, 131_072, 262_144];
const POOL = 8; // rows in turn, so that none is in the cache of the last call

/** Logits like those of a language model: most of them low, 200 of them high. */
function logitsOf(n, seed) {
  const logits = random.normal(key(seed), n).map((v) => 2.5 * v - 5);
  for (let i = 0; i < 200; i++) logits[(i * 7919) % n] += 13;
  return logits;
}

/** The median time of a call in microseconds, over at least `seconds`. @param {(i: number) => unknown} call */
async function measure(call, seconds = 0.4) {
  const times = [];
  for (let i = 0, spent = 0; spent < seconds * 1000 || i < 10; i++) {
    const began = performance.now();
    const result = call(i);
    if (result instanceof Promise) await result;
    const took = performance.now() - began;
    spent += took;
    if (i >= 5) times.push(took);
  }
  return 1000 * times.sort((a, b) => a - b)[times.length >> 1];
}

/** What transformers.js does for a token: its top-k, softmax and draw. */
async function library(row, k) {
  const [values] = await topk(new Tensor('float32', row, [1, row.length]), k);
  const p = softmax(values.data);
  let rest = Math.random();
  return p.findIndex((share) => (rest -= share) < 0);
}

const out = new Int32Array(1);
const logProb = new Float32Array(1);
const draw = (options) => (row, i) => sampleTokens(key(i), row, row.length, { ...options, out });
const CALLS = {
  'argmax, for comparison': (row) => argmax(row, row.length, { out }),
  'top-k 50, top-p 0.95, min-p 0.05, T 0.7, log p': draw({
    temperature: 0.7,
    topK: 50,
    topP: 0.95,
    minP: 0.05,
    logProb,
  }),
  'min-p 0.05': draw({ minP: 0.05 }),
  'top-p 0.95': draw({ topP: 0.95 }),
  'typical 0.95': draw({ typicalP: 0.95 }),
  'n-sigma 1': draw({ nSigma: 1 }),
  'no truncation': draw({}),
  'transformers.js, top_k 50': (row) => library(row, 50),
  'transformers.js, no top_k': (row) => library(row, row.length),
};

console.log(`| ${['µs for a token of', ...SIZES.map(String)].join(' | ')} |\n| --- |${' --- |'.repeat(SIZES.length)}`);
const rows = SIZES.map((n) => Array.from({ length: POOL }, (_, i) => logitsOf(n, i)));
for (const [name, call] of Object.entries(CALLS)) {
  const times = [];
  for (const pool of rows) times.push(await measure((i) => call(pool[i % POOL], i)));
  console.log(`| ${[name, ...times.map((t) => Math.round(t))].join(' | ')} |`);
}
