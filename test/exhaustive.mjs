/**
 * Every f32 for exp and log, and every one of the 2^32 words for exponential, Gumbel and logistic noise, on wasm; 2^26 of
 * each, spread over all of them, on the JavaScript mirror. Errors within the bounds of accuracy/table.ts, all finite,
 * noise in the order of the words. exp and log of f64 run over the same numbers, their results rounded to f32.
 *
 *   node test/exhaustive.mjs              npm run test:exhaustive; exits with 1 where a bound is broken
 *   node test/exhaustive.mjs --every 64   one block of 1024 in 64 on wasm too: half a minute
 */
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { load, wordsModule, wordsWasm } from './accuracy/words.mjs';

const BLOCK = 1024;
/** Blocks of a task. */
const TASK = 2 ** 14;
/** One block in so many on the mirror: 2^26 numbers of 2^32. */
const MIRROR = 64;
const LOW = 20240607,
  HIGH = 12345;

// ---- In a worker ----

const value = new Float64Array(1),
  halves = new Int32Array(value.buffer);
/** 1 / ULP of f32 at the biased exponent of an f64. */
const PER_ULP = Float64Array.from({ length: 2048 }, (_, e) => 2 ** (23 - Math.max(e - 1023, -126)));

/** The greatest error of an op in one task. */
class Worst {
  error = 0;
  x = NaN;
  got = NaN;
  count = 0;
  disorder = 0;
  disorderAt = NaN;

  /** Counts the error in ULP of `size` > 0. */
  see(got, ref, size, x) {
    value[0] = size;
    const error = Math.abs(got - ref) * PER_ULP[halves[1] >> 20];
    if (!(error <= this.error)) this.record(error, got, x);
  }

  record(error, got, x) {
    this.error = error === error ? error : Infinity;
    this.x = x;
    this.got = got;
  }

  /** What must be exactly so. */
  exact(good, got, x) {
    if (!good && this.error < Infinity) this.record(Infinity, got, x);
  }

  order(good, x) {
    if (good) return;
    if (this.disorder++ === 0) this.disorderAt = x;
  }
}

/** The blocks of a task, one of every `every`, at random among them: their first numbers. */
function* blocks({ from, to, every }) {
  for (let b = from; b < to; b += every) {
    const jitter = every === 1 || b === 0 ? 0 : (Math.imul(b, 0x9e3779b1) >>> 8) % every;
    yield (b + jitter) * BLOCK;
  }
}

// One call handles a block: V8 optimises a function that is called often, and loses a loop that never ends.

const FLUSH = -125 * Math.LN2,
  OVERFLOW = 128 * Math.LN2;

function checkExp(xs, ys, wides, single, double) {
  for (let i = 0; i < BLOCK; i++) {
    const x = xs[i],
      y = ys[i],
      wide = wides[i];
    if (x >= FLUSH && x <= OVERFLOW) {
      // below 2^-14 the next term is less than 2^-44
      const ref = Math.abs(x) < 2 ** -14 ? 1 + (x + (x * x) / 2) : Math.exp(x);
      single.see(y, ref, ref, x);
      double.see(Math.fround(wide), ref, ref, x);
    } else if (x < 0) {
      single.exact(y === 0 && 1 / y > 0, y, x);
      double.exact(wide >= 0 && wide < 2 ** -125, wide, x);
    } else {
      single.exact(x > 0 ? y === Infinity : y !== y, y, x);
      double.exact(x > 0 ? wide >= 2 ** 128 : wide !== wide, wide, x);
    }
  }
}

function checkLog(xs, ys, wides, single, double) {
  for (let i = 0; i < BLOCK; i++) {
    const x = xs[i],
      y = ys[i],
      wide = wides[i];
    if (x > 0 && x < Infinity) {
      const ref = Math.log(x),
        size = Math.abs(ref);
      single.see(y, ref, size, x);
      double.see(Math.fround(wide), ref, size, x);
    } else {
      const special = x === 0 ? -Infinity : x > 0 ? x : NaN;
      single.exact(Object.is(y, special), y, x);
      double.exact(Object.is(wide, special), wide, x);
    }
  }
}

/** exp or log of f32 bit patterns. */
function functions(backend, task) {
  const { op } = task;
  const base = (backend.base + 63) & ~63,
    memory = backend.memory(base + 6 * 8 * BLOCK);
  const at = [0, 1, 2, 3].map((i) => base + i * (8 * BLOCK + 64));
  const patterns = new Uint32Array(memory, at[0], BLOCK);
  const [x32, y32] = [0, 1].map((i) => new Float32Array(memory, at[i], BLOCK));
  const [x64, y64] = [2, 3].map((i) => new Float64Array(memory, at[i], BLOCK));
  const [single, double] = [0, 1].map(() => new Worst());
  const check = op === 'exp' ? checkExp : checkLog;
  for (const first of blocks(task)) {
    for (let i = 0; i < BLOCK; i++) patterns[i] = first + i;
    x64.set(x32);
    backend.f32[op](at[0], at[1], BLOCK);
    backend.f64[op](at[2], at[3], BLOCK);
    check(x32, y32, y64, single, double);
    single.count += BLOCK;
    double.count += BLOCK;
  }
  return { [`${op} f32`]: single, [`${op} f64 in f32`]: double };
}

/** The distances v of the words `first` on from their end of the uniform distribution. */
function quantiles(v, first, extended) {
  for (let i = 0; i < BLOCK; i++) v[i] = (first + i + 0.5) * 2 ** -32;
  for (let m = first; m < 256; m++) v[m] = extended(m, m, LOW, HIGH).v;
}

/** The errors of the draws of words m from `first` on (a) and ~m (b): each logarithm serves both. */
function checkNoise(v, first, [Ea, Eb], [Ga, Gb], [La, Lb], E, G, L) {
  for (let i = 0; i < BLOCK; i++) {
    const m = first + i,
      n = 2 ** 32 - 1 - m;
    const a = -Math.log1p(-v[i]),
      b = -Math.log(v[i]);
    E.see(Ea[i], a, a, m);
    E.see(Eb[i], b, b, n);
    const g = -Math.log(a),
      h = -Math.log(b);
    G.see(Ga[i], g, Math.max(1, Math.abs(g)), m);
    G.see(Gb[i], h, Math.max(1, Math.abs(h)), n);
    const l = b - a,
      size = Math.max(1, l);
    L.see(La[i], -l, size, m);
    L.see(Lb[i], l, size, n);
  }
}

/** Counts the draws that are below the one before, which for the first of the block is `last`; returns the last one. */
function checkOrder(draws, sign, last, first, worst) {
  for (let i = 0; i < BLOCK; i++) {
    const draw = sign * draws[i];
    if (!(draw >= last)) worst.order(false, first + i);
    last = draw;
  }
  return last;
}

/** Whether the draws ascend with m: those of words m (a) and of ~m (b), of the three kinds. */
const ASCENDS = [
  [1, -1],
  [-1, 1],
  [1, -1],
];

/** The noise of words m and ~m, m below 2^31. */
function noise(backend, task, { reference }) {
  const words = (backend.base + 63) & ~63,
    memory = backend.memory(words + 2 ** 16);
  const w = new Uint32Array(memory, words, BLOCK),
    v = new Float64Array(BLOCK);
  const ops = ['exponential', 'gumbel', 'logistic'];
  const at = ops.map((_, k) => [0, 1].map((half) => words + 2 ** 14 + (2 * k + half) * 4096));
  const draws = at.map((pair) => pair.map((p) => new Float32Array(memory, p, BLOCK)));
  const worst = ops.map(() => new Worst());
  const last = ops.map(() => [-Infinity, -Infinity]);
  /** Draws anew; the flat element of a draw is m. */
  const fill = (first) => {
    for (let k = 0; k < 3; k++) {
      for (let half = 0; half < 2; half++) {
        const flip = -half;
        for (let i = 0; i < BLOCK; i++) w[i] = (first + i) ^ flip;
        backend.f32[ops[k]](at[k][half], BLOCK, first, LOW, HIGH, words);
      }
    }
  };
  let end = 0;
  for (const first of blocks(task)) {
    if (first !== end) {
      fill(first - BLOCK);
      draws.forEach((pair, k) => pair.forEach((of, half) => (last[k][half] = ASCENDS[k][half] * of[BLOCK - 1])));
    }
    fill(first);
    quantiles(v, first, reference.extended32);
    checkNoise(v, first, ...draws, ...worst);
    for (let k = 0; k < 3; k++) {
      worst[k].count += 2 * BLOCK;
      for (let half = 0; half < 2; half++) {
        last[k][half] = checkOrder(draws[k][half], ASCENDS[k][half], last[k][half], first, worst[k]);
      }
    }
    end = first + BLOCK;
    // the halves meet at the median
    if (end === 2 ** 31) last.forEach(([a, b], k) => worst[k].order(a <= -b, end));
  }
  return Object.fromEntries(ops.map((op, k) => [`${op} f32`, worst[k]]));
}

async function work() {
  const { text, product, words } = workerData;
  const module = await load(text);
  const wasm = (bytes) => module.wasmBackend(new WebAssembly.Module(bytes));
  const backends = { wasm: { functions: wasm(product), noise: wasm(words) } };
  const mirror = module.jsBackend();
  backends.js = { functions: mirror, noise: mirror };
  parentPort.on('message', (task) => {
    const kind = task.op === 'noise' ? 'noise' : 'functions';
    const found = (kind === 'noise' ? noise : functions)(backends[task.backend][kind], task, module);
    const plain = Object.entries(found).map(([name, worst]) => [name, { ...worst }]);
    parentPort.postMessage(plain);
  });
}

// ---- In the main thread ----

function* tasksOf(every) {
  const kinds = { noise: 2 ** 21, log: 2 ** 22, exp: 2 ** 22 };
  for (const backend of ['wasm', 'js']) {
    for (const [op, end] of Object.entries(kinds)) {
      for (let from = 0; from < end; from += TASK) {
        yield { op, backend, from, to: from + TASK, every: backend === 'js' ? MIRROR : every };
      }
    }
  }
}

function merge(total, found) {
  if (found.error > total.error || total.count === 0) ({ error: total.error, x: total.x, got: total.got } = found);
  if (total.disorder === 0) total.disorderAt = found.disorderAt;
  total.disorder += found.disorder;
  total.count += found.count;
}

async function main() {
  const { values } = parseArgs({ options: { every: { type: 'string', default: '1' } } });
  const tasks = [...tasksOf(Number(values.every))];
  const text = await wordsModule(
    "export * as reference from './test/oracles/noise.ts'; export { claims } from './test/accuracy/table.ts';",
  );
  const product = readFileSync(new URL('../build/anymax.wasm', import.meta.url));
  const words = await wordsWasm();
  const { claims } = await load(text);

  const totals = new Map();
  const start = performance.now();
  let next = 0,
    done = 0;
  await Promise.all(
    Array.from({ length: availableParallelism() }, async () => {
      const worker = new Worker(new URL(import.meta.url), { workerData: { text, product, words } });
      const failed = new Promise((_, reject) => worker.once('error', reject));
      while (next < tasks.length) {
        const task = tasks[next++];
        worker.postMessage(task);
        const found = await Promise.race([failed, new Promise((resolve) => worker.once('message', resolve))]);
        for (const [name, worst] of found) {
          const key = `${name} ${task.backend}`;
          if (!totals.has(key)) totals.set(key, { error: 0, count: 0, disorder: 0 });
          merge(totals.get(key), worst);
        }
        if (++done % 64 === 0) {
          const seconds = ((performance.now() - start) / 1000).toFixed(0);
          console.log(`${((100 * done) / tasks.length).toFixed(0)} % (${task.op} on ${task.backend}), ${seconds} s`);
        }
      }
      await worker.terminate();
    }),
  );

  let broken = 0;
  for (const [key, { error, x, got, count, disorder, disorderAt }] of totals) {
    const [op, dtype, rounded] = key.split(' ');
    const name = rounded === 'in' ? `${op} in f32` : op;
    const { bound, unit } = claims.find((claim) => claim.op === name && claim.dtype === dtype);
    const good = error <= bound && disorder === 0;
    if (!good) broken++;
    const order = disorder === 0 ? '' : `; ${disorder} out of order, the first at ${disorderAt}`;
    console.log(
      `${good ? 'ok    ' : 'BROKEN'} ${key}: ${error.toFixed(4)} of at most ${bound} ${unit} over ${count}, at ${x}: ${got}${order}`,
    );
  }
  process.exitCode = broken > 0 ? 1 : 0;
}

await (isMainThread ? main() : work());
