/**
 * npm run bench -- --rows: rows of their own beside equal rows on as many elements, and beside plain loops that do the same: a
 * length, a temperature, a key and a place per row.
 */
import { foldIn, gumbelMax, key, perRow, sparsemax, softmax } from 'anymax';
import { normalLogits } from './data.mjs';
import { measure } from './harness.mjs';

const ELEMENTS = 120_000;
const T = [0.7, 1.3];

/** A plain softmax of the values of a row, `apart` of each other. */
function softmaxRow(x, out, start, n, apart, temperature) {
  const end = start + n * apart;
  let max = -Infinity,
    sum = 0;
  for (let i = start; i < end; i += apart) if (x[i] > max) max = x[i];
  for (let i = start; i < end; i += apart) sum += out[i] = Math.exp((x[i] - max) / temperature);
  for (let i = start; i < end; i += apart) out[i] /= sum;
}

/** A plain Gumbel-max of a row. */
function gumbelMaxRow(x, start, n) {
  let best = -1,
    most = -Infinity;
  for (let i = 0; i < n; i++) {
    const score = x[start + i] - Math.log(-Math.log(Math.random()));
    if (score > most) [best, most] = [i, score];
  }
  return best;
}

/** The measured cases: `ours` on rows that differ, `equal` on as many elements of rows that do not, `plain` a loop. */
function cases() {
  const x = normalLogits(ELEMENTS, 'rows', 'float32'),
    out = new Float32Array(ELEMENTS);
  const lines = [];
  // segments of 1 to 40, in no order
  const lengths = [];
  for (let i = 0, sum = 0; sum < ELEMENTS; i++) {
    const n = Math.min(1 + ((7919 * i) % 40), ELEMENTS - sum);
    lengths.push(n);
    sum += n;
  }
  const offsets = new Int32Array(lengths.length + 1);
  lengths.forEach((n, r) => (offsets[r + 1] = offsets[r] + n));
  for (const [name, max] of [
    ['softmax', softmax],
    ['sparsemax', sparsemax],
  ]) {
    lines.push({
      name: `${name}, segments of 1 to 40`,
      ours: () => max(x, offsets, { out }),
      equal: () => max(x, 20, { out }),
      plain:
        max === softmax &&
        (() => {
          for (let r = 1; r < offsets.length; r++)
            softmaxRow(x, out, offsets[r - 1], offsets[r] - offsets[r - 1], 1, 1);
          return out;
        }),
    });
  }
  for (const n of [10, 32, 100, 1000]) {
    const rows = ELEMENTS / n,
      temperature = Float32Array.from({ length: rows }, (_, r) => T[0] + (T[1] * ((7919 * r) % 101)) / 101);
    lines.push({
      name: `softmax, a temperature per row, n = ${n}`,
      ours: () => softmax(x, n, { temperature, out }),
      equal: () => softmax(x, n, { temperature: 0.7, out }),
      plain() {
        for (let r = 0; r < rows; r++) softmaxRow(x, out, r * n, n, 1, temperature[r]);
        return out;
      },
    });
  }
  for (const n of [10, 32, 100, 1000]) {
    const rows = ELEMENTS / n,
      out = new Int32Array(rows),
      one = key(1),
      ids = Int32Array.from({ length: rows }, (_, r) => (7919 * r) % 100_003),
      source = perRow(one, ids),
      keys = Array.from(ids, (id) => foldIn(one, id));
    const plain = () => {
      for (let r = 0; r < rows; r++) out[r] = gumbelMaxRow(x, r * n, n);
      return out;
    };
    const equal = () => gumbelMax(one, x, n, { out });
    lines.push({ name: `gumbelMax, perRow, n = ${n}`, ours: () => gumbelMax(source, x, n, { out }), equal, plain });
    if (n === 100)
      lines.push({ name: `gumbelMax, Key[], n = ${n}`, ours: () => gumbelMax(keys, x, n, { out }), equal, plain });
  }
  lines.push({
    name: 'softmax, axis 0 of 300 x 400',
    ours: () => softmax(x, 300, { stride: 400, out }),
    equal: () => softmax(x, 300, { out }),
    plain() {
      for (let r = 0; r < 400; r++) softmaxRow(x, out, r, 300, 400, 1);
      return out;
    },
  });
  return lines;
}

/** @param {{ rounds: number, milliseconds: number }} effort */
export function measureRows(effort) {
  return cases().map(({ name, ours, equal, plain }) => {
    const times = measure(
      Object.entries({ ours, equal, ...(plain && { plain }) }).map(([name, run]) => ({ name, run })),
      effort,
    );
    const nanoseconds = (of) => (1e6 * times.time(of)) / ELEMENTS;
    return {
      name,
      nanoseconds: nanoseconds('ours'),
      equal: nanoseconds('equal'),
      overEqual: times.ratio('ours', 'equal'),
      ...(plain && { plain: nanoseconds('plain'), overPlain: times.ratio('plain', 'ours') }),
    };
  });
}

/** @param {ReturnType<typeof measureRows>} results */
export function tableOfRows(results) {
  const cells = [['', 'ns', 'equal rows', 'times as long', 'plain loop', 'times as fast']];
  for (const { name, nanoseconds, equal, overEqual, plain, overPlain } of results) {
    const numbers = [nanoseconds, equal, overEqual, plain, overPlain];
    cells.push([name, ...numbers.map((value) => (value === undefined ? '' : value.toFixed(2)))]);
  }
  return cells.map(([name, ...rest]) => name.padEnd(40) + rest.map((cell) => cell.padStart(15)).join('')).join('\n');
}
