/** An op at a shape, measured in every way. */
import * as anymax from 'anymax';
import { countOf, dataOf, normalLogits, residentOf, variantsOf } from './data.mjs';
import { measure } from './harness.mjs';

/** @typedef {import('./ops.mjs').Op} Op */
/** @typedef {{ rounds: number, milliseconds: number, dtype?: 'float32' | 'float64' }} Effort */

const ELEMENTS = 131_072;
const SHORT = 10;

/** The shapes of the table: every n and one short row, or once for ops without rows. @param {Op[]} ops @param {number[]} ns */
export function tableCases(ops, ns) {
  const shapes = ns.map((n) => ({ rows: Math.floor(ELEMENTS / n), n }));
  const byRow = [...shapes, { rows: 1, n: SHORT }];
  const flat = [{ rows: ELEMENTS, n: 1 }];
  return ops.flatMap((op) => (op.shape.byRow ? byRow : flat).map((shape) => ({ op, ...shape })));
}

/** What the sweeps are over: the maxes and samplers of a row. */
const SWEPT = ['softmax', 'sparsemax', 'entmax15', 'gumbelSoftmax', 'gumbelMax', 'categorical'];
const SWEPT_ELEMENTS = 2 ** 20;

/**
 * Two sweeps: rows of n, n from 1 to 2^20, of as many elements together; and rows of 10, from 1 to 10^6 of them.
 * @param {Op[]} ops @param {number} step of n, a power of two; of rows its power of ten is less dense
 */
export function sweepCases(ops, step) {
  const ns = Array.from({ length: 20 / step + 1 }, (_, i) => 2 ** (i * step));
  const rows = Array.from({ length: 12 / step + 1 }, (_, i) => Math.round(10 ** ((i * step) / 2)));
  return ops
    .filter(({ name }) => SWEPT.includes(name))
    .flatMap((op) => [
      ...ns.map((n) => ({ op, n, rows: SWEPT_ELEMENTS / n, sweep: 'n' })),
      ...rows.map((count) => ({ op, n: SHORT, rows: count, sweep: 'rows' })),
    ]);
}

/**
 * Nanoseconds an element (or a draw, where there are several for a row), and ratios of times.
 * @param {{ op: Op, n: number, rows: number, sweep?: string }} one @param {Effort} effort
 */
export function measureCase({ op, n, rows, sweep }, { dtype = 'float32', ...effort }) {
  const logits = normalLogits(rows * n, op.name, dtype);
  const data = dataOf(op, logits, n, new anymax.Rng(op.name));
  const resident = residentOf(data);
  const times = measure(variantsOf(op, data, resident), effort);
  resident.free();
  const each = (name) => (times.time(name) * 1e6) / countOf(op, rows, n);
  return {
    op: op.name,
    ...(sweep && { sweep }),
    rows,
    n,
    nanoseconds: Object.fromEntries(times.names.map((name) => [name, each(name)])),
    ratios: {
      plainToWasm: times.ratio('plain', 'wasm'),
      plainToResident: times.ratio('plain', 'resident'),
      plainToMirror: times.ratio('plain', 'mirror'),
    },
  };
}
