// npm run test:soak: a million calls of all ops in changing shapes leave memory as it was; a second copy of the package in
// the process, and threads with a copy each, disturb nobody and give the same bits.
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import * as anymax from 'anymax';
import { build } from 'esbuild';
import { root, runChecks } from '../support/packed.mjs';

if (typeof gc !== 'function') throw new Error('node --expose-gc');

const MIB = 2 ** 20;
/**
 * Every op has had its largest shape before; by then the JIT compilers have come to rest. Measured: their code makes the heap
 * 7.9 MiB after 100,000 calls, 8.9 after 200,000, 9.5 after 500,000, 9.7 after 2,000,000.
 */
const WARM_UP = 300_000;
/** Calls that are hashed, and of another seed than those that memory is watched over. */
const HASHED = 20_000;
const SEED = 7;

/** The memories of all wasm instances of this process: the package does not show its own. */
const memories = [];
const { Instance } = WebAssembly;
WebAssembly.Instance = class extends Instance {
  constructor(...args) {
    super(...args);
    if ('heap_base' in this.exports) memories.push(this.exports.memory); // not that of the decoder
  }
};
const linear = () => memories.map(({ buffer }) => buffer.byteLength);

const folder = join(root, 'build/soak');
mkdirSync(folder, { recursive: true });
const calls = join(folder, 'calls.mjs');
await build({ entryPoints: [join(root, 'test/soak/calls.ts')], outfile: calls, bundle: true, format: 'esm' });
const { Calls, hashOf, Hash } = await import(calls);

/** Bytes in use: of JavaScript's heap and of array buffers after a collection, and of linear memory. */
function memory() {
  gc();
  gc(); // array buffers that the first one frees go in the background, which the second one waits for
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return { heap: heapUsed, 'array buffers': arrayBuffers, linear: linear().reduce((sum, bytes) => sum + bytes, 0) };
}

/** Memory after `count` calls is within 1 MiB of what it was before them, after WARM_UP others. */
function flat(backend, count) {
  anymax.init({ backend });
  const sequence = new Calls(anymax, 1);
  sequence.largest();
  sequence.run(WARM_UP);
  const before = memory();
  const began = performance.now();
  sequence.run(count);
  const rate = (1000 * count) / (performance.now() - began);
  const after = memory();
  const kinds = Object.keys(before);
  const moved = kinds.map((kind) => `${kind} ${(before[kind] / MIB).toFixed(2)} -> ${(after[kind] / MIB).toFixed(2)}`);
  const text = `${count} calls, ${Math.round(rate)}/s; MiB: ${moved.join(', ')}`;
  if (kinds.some((kind) => Math.abs(after[kind] - before[kind]) > MIB)) throw new Error(text);
  return text;
}

/** Two copies take turns, the second one on changing backends: the first gives what it gives alone, on its own memory. */
async function twoCopies() {
  anymax.init();
  const alone = hashOf(anymax, SEED, HASHED);
  cpSync(join(root, 'dist'), join(folder, 'second'), { recursive: true });
  const second = await import(join(folder, 'second/index.js'));
  if (second.softmax === anymax.softmax) throw new Error('there is one copy only');
  const before = linear();
  const [ours, theirs] = [anymax, second].map((copy, i) => ({ calls: new Calls(copy, SEED + i), hash: new Hash() }));
  for (let i = 0; i < HASHED; i += 10) {
    ours.calls.run(10, ours.hash);
    second.init({ backend: i % 20 === 0 ? 'js' : 'wasm' });
    theirs.calls.run(10, theirs.hash);
    if (anymax.backend() !== 'wasm') throw new Error(`the second copy's init changed the backend of the first`);
  }
  const [kept] = linear();
  if (kept !== before[0] || memories.length !== 2) throw new Error(`memories: ${before} before, ${linear()} now`);
  if (ours.hash.text() !== alone) throw new Error('the first copy gives other bits beside the second');
  if (theirs.hash.text() !== hashOf(anymax, SEED + 1, HASHED)) throw new Error('the second copy gives other bits');
  if (alone === theirs.hash.text()) throw new Error('two seeds have one hash');
  return `2 x ${HASHED} calls in turns, ${memories.length} memories, bits ${alone} and ${theirs.hash.text()}`;
}

const THREAD = `
const { parentPort, workerData: { library, calls, seed, count, backend } } = require('node:worker_threads');
Promise.all([import(library), import(calls)]).then(([anymax, { hashOf }]) => {
  anymax.init({ backend });
  parentPort.postMessage(hashOf(anymax, seed, count));
});`;

/** Threads at the same time, half of them on each backend. */
async function threads() {
  anymax.init();
  const expected = hashOf(anymax, SEED, HASHED);
  const backends = ['wasm', 'js', 'wasm', 'js'];
  const hashes = await Promise.all(
    backends.map((backend) => {
      const library = import.meta.resolve('anymax');
      const workerData = { library, calls, seed: SEED, count: HASHED, backend };
      const worker = new Worker(THREAD, { eval: true, workerData });
      return new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
    }),
  );
  if (hashes.some((hash) => hash !== expected)) throw new Error(`${hashes} on ${backends}, here ${expected}`);
  return `${hashes.length} threads, ${HASHED} calls each, bits ${expected}`;
}

await runChecks([
  ['memory on wasm', () => flat('wasm', 1_000_000)],
  ['memory on JS', () => flat('js', 150_000)],
  ['two copies', twoCopies],
  ['worker threads', threads],
]);
