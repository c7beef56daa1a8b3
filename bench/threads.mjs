/**
 * A pool of two threads against one: the package in the caller (arrays of the caller), a pool of one worker, a pool of
 * two; arrays in shared memory but for those that are "copied", 2^20 elements. The variants take turns. Milliseconds and
 * the last column are those of the fastest round, which a busy machine disturbs least; the others medians of the ratios.
 *
 *     node bench/threads.mjs [rounds]
 */
import * as anymax from '../dist/index.js';
import { pool } from '../dist/threads.js';
import { Times } from './harness.mjs';

const n = 1024,
  length = 2 ** 20,
  rounds = Number(process.argv[2] ?? 40);
const key = anymax.key('threads');
const one = await pool({ threads: 1 }),
  two = await pool({ threads: 2 });

/** @param {number} size */
const floats = (size) => new Float32Array(new SharedArrayBuffer(4 * size));
const logits = anymax.random.normal(key, length),
  x = floats(length),
  p = floats(length),
  out = floats(length),
  rows = floats(length / n),
  index = new Int32Array(new SharedArrayBuffer((4 * length) / n));
x.set(logits);
anymax.softmax(x, n, { out: p });

/** @type {[name: string, run: (a: any, to: boolean) => any][]} */
const ops = [
  ['softmax', (a) => a.softmax(x, n, { out })],
  ['softmax.vjp', (a) => a.softmax.vjp(p, x, n, { out })],
  ['logSumExp', (a) => a.logSumExp(x, n, { out: rows })],
  ['sparsemax', (a) => a.sparsemax(x, n, { out })],
  ['entmax15', (a) => a.entmax15(x, n, { out })],
  ['softmax.loss', (a) => a.softmax.loss(x, p, n, { out: rows })],
  ['random.gumbel', (a) => a.random.gumbel(key, out)],
  ['gumbelMax', (a) => a.gumbelMax(key, x, n, { out: index })],
  ['gumbelTopK k = 10', (a) => a.gumbelTopK(key, x, n, 10)],
  ['categorical', (a) => a.categorical(key, x, n, { out: index })],
  ['gumbelSoftmax', (a) => a.gumbelSoftmax(key, x, n, { out })],
  ['expConcrete', (a) => a.expConcrete(key, x, n, { out })],
  ['concreteLogProb', (a) => a.concreteLogProb(p, x, n, { out: rows })],
  ['softmax, no out', (a) => a.softmax(x, n)],
  ['softmax, copied', (a) => a.softmax(logits, n)],
  ['gumbelSoftmax, copied', (a) => a.gumbelSoftmax(key, logits, n)],
];

const heads = ['caller', '1 worker', '2 workers', 'caller / 2', '1 / 2', 'caller / 2'];
console.log(`${anymax.backend()}, float32, ${length} elements, rows of ${n}: milliseconds a call`);
console.log(''.padEnd(24), ...heads.map((head) => head.padStart(10)));
for (const [name, run] of ops) {
  const variants = { caller: anymax, one, two };
  const times = new Times(Object.keys(variants));
  for (let round = -5; round < rounds; round++) {
    for (const variant of times.order(round)) {
      const began = performance.now();
      await run(variants[variant]);
      if (round >= 0) times.add(variant, performance.now() - began);
    }
  }
  const best = Object.keys(variants).map((variant) => Math.min(...times.rounds.get(variant)));
  const columns = [...best, times.ratio('caller', 'two'), times.ratio('one', 'two'), best[0] / best[2]];
  console.log(name.padEnd(24), ...columns.map((column) => column.toFixed(2).padStart(10)));
}
await one.close();
await two.close();
