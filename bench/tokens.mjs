/**
 * npm run bench -- --tokens: tokens drawn from a language model's logits, by anymax/tokens and by plain loops: one pass with
 * a heap, as a careful user writes it. Logits from a plain array, alike to those of a model: N(-5, 2.5), 200 of them N(8, 3).
 */
import * as anymax from 'anymax';
import { sampleTokens, truncate } from 'anymax/tokens';
import { measure } from './harness.mjs';
import * as plain from './plain/index.mjs';

/** @typedef {import('./plain/tokens.mjs').Steps} Steps */
/** @typedef {{ name: string, rows: number, steps?: Steps[], package: (logits: any) => any, plain: () => any }} Line */

const { init, key, random, split } = anymax;
/** Sizes of vocabularies. */
const VOCABULARIES = [131_072, 262_144];
const LIKELY = 200;
const BATCH = 8;
/** @type {Steps} */
const ALL = { temperature: 0.7, topK: 50, topP: 0.95, minP: 0.05 };
/** @type {Steps} */
const NUCLEUS = { temperature: 1, topK: 0, topP: 0.95, minP: 0 };
const TEMPERATURES = Float32Array.from({ length: BATCH }, (_, r) => 0.5 + r / 10);

/** Rows of logits. @param {number} rows @param {number} n */
function logitsOf(rows, n) {
  const logits = random.normal(key('logits'), rows * n).map((z) => 2.5 * z - 5);
  random.normal(key('likely'), rows * LIKELY).forEach((z, i) => {
    const place = (2_654_435_761 * (i % LIKELY) + 17) % n;
    logits[Math.floor(i / LIKELY) * n + place] = 3 * z + 8;
  });
  return logits;
}

/** @param {number} n @param {Float32Array} logits rows of n @returns {Line[]} */
function linesOf(n, logits) {
  const row = logits.subarray(0, n);
  const rows = Array.from({ length: BATCH }, (_, r) => logits.subarray(r * n, (r + 1) * n));
  const left = plain.roomForTokens(n);
  const [out, many] = [new Int32Array(1), new Int32Array(BATCH)];
  const [logProb, logProbs] = [new Float32Array(1), new Float32Array(BATCH)];
  const source = new anymax.Rng('tokens');
  const keys = split(key('requests'), BATCH);
  const each = Array.from(TEMPERATURES, (temperature) => ({ ...ALL, temperature }));
  return [
    {
      name: 'argmax',
      rows: 1,
      package: (x) => anymax.argmax(x, n, { out }),
      plain: () => plain.argmax(row, n, out),
    },
    {
      name: 'topK 50, topP, minP, logProb',
      rows: 1,
      steps: [ALL],
      package: (x) => sampleTokens(source, x, n, { ...ALL, logProb, out }),
      plain: () => plain.sampleTokens([row], [ALL], left, logProb, out),
    },
    {
      name: 'topP alone',
      rows: 1,
      steps: [NUCLEUS],
      package: (x) => sampleTokens(source, x, n, { topP: NUCLEUS.topP, logProb, out }),
      plain: () => plain.sampleTokens([row], [NUCLEUS], left, logProb, out),
    },
    {
      name: 'the second, own T and seeds',
      rows: BATCH,
      steps: each,
      package: (x) => sampleTokens(keys, x, n, { ...ALL, temperature: TEMPERATURES, logProb: logProbs, out: many }),
      plain: () => plain.sampleTokens(rows, each, left, logProbs, many),
    },
  ];
}

/** The plain loops leave what the package leaves. @param {number} n @param {Float32Array} logits @param {Line} line */
function checkLine(n, logits, { name, steps = [] }) {
  const left = plain.roomForTokens(n);
  steps.forEach((one, r) => {
    const row = logits.slice(r * n, (r + 1) * n);
    const kept = [...truncate(row, n, one).entries()].filter(([, value]) => value > -Infinity).map(([i]) => i);
    const { indices, count } = plain.truncateTokens(row, one, left);
    if (indices.slice(0, count).sort().join() !== kept.join()) throw new Error(`${name}: the plain loop leaves others`);
  });
}

/** @param {{ rounds: number, milliseconds: number }} effort */
export function measureTokens(effort) {
  return VOCABULARIES.flatMap((n) => {
    const logits = logitsOf(BATCH, n);
    return linesOf(n, logits).map((line) => {
      const x = logits.slice(0, line.rows * n);
      init({ backend: 'wasm' });
      checkLine(n, logits, line);
      const resident = anymax.alloc(Float32Array, x.length);
      resident.view.set(x);
      const wasm = () => init({ backend: 'wasm' });
      const times = measure(
        [
          { name: 'wasm', before: wasm, run: () => line.package(x) },
          { name: 'resident', before: wasm, run: () => line.package(resident) },
          { name: 'mirror', before: () => init({ backend: 'js' }), run: () => line.package(x) },
          { name: 'plain', run: line.plain },
        ],
        effort,
      );
      wasm();
      resident.free();
      return {
        op: line.name,
        rows: line.rows,
        n,
        microseconds: Object.fromEntries(times.names.map((name) => [name, times.time(name) * 1000])),
        ratios: Object.fromEntries(['wasm', 'resident', 'mirror'].map((name) => [name, times.ratio('plain', name)])),
      };
    });
  });
}

/** The table. @param {ReturnType<typeof measureTokens>} results */
export function tableOfTokens(results) {
  const line = ([op, ...cells]) =>
    op.padEnd(30) + cells.map((cell) => cell.padStart(cell.length > 9 ? 15 : 10)).join('');
  const names = ['wasm', 'resident', 'mirror', 'plain'];
  return [
    line(['op', 'rows', 'n', ...names, 'plain/wasm', 'plain/resident', 'plain/mirror']),
    ...results.map(({ op, rows, n, microseconds, ratios }) =>
      line([
        op,
        String(rows),
        String(n),
        ...names.map((name) => microseconds[name].toFixed(1)),
        ...Object.values(ratios).map((ratio) => `${ratio.toFixed(2)}x`.padStart(15)),
      ]),
    ),
  ].join('\n');
}
