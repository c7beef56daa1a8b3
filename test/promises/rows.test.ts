/** Rows that differ, op by op: each row against a call in which it is alone, bit by bit. */
import * as anymax from 'anymax';
import { alloc, foldIn, key, perRow, type RowSource } from 'anymax';
import { describe, expect, test } from 'vitest';
import { type Dtype, expectSame, inEverySetting } from '../support/backends.ts';
import {
  type Inputs,
  inputsOf,
  mapInputs,
  type Options,
  type Result,
  resultsOf,
  ROWS,
  type RowsOp,
  rowsOf,
} from '../tables/rows.ts';

const SEED = key('rows');
/** Keys as foldIn makes them, in no order. */
const idsOf = (rows: number): Int32Array => Int32Array.from({ length: rows }, (_, r) => (7919 * r + 5) % 100003);

/** Shapes of equal rows: short, in one chunk, and in several. */
const SHAPES: readonly (readonly [rows: number, n: number])[] = [
  [1, 1],
  [6, 1],
  [5, 3],
  [9, 17],
  [150, 130],
];

/** Where each row begins, and the end. */
function startsOf(lengths: readonly number[]): Int32Array {
  const starts = new Int32Array(lengths.length + 1);
  lengths.forEach((n, r) => (starts[r + 1] = starts[r]! + n));
  return starts;
}

/** How an op says how many values a row has of a result. */
const widthOf = (width: 'n' | 1 | 2, n: number): number => (width === 'n' ? n : width);

/** A part of every result: rows of n. */
const rowOf = (op: RowsOp, results: readonly Result[], r: number, n: number): Result[] =>
  results.map((result, i) => {
    const width = widthOf(op.gives[i]!, n);
    return result.slice(r * width, (r + 1) * width);
  });

function expectAll(actual: readonly Result[], expected: readonly Result[], label: string): void {
  expected.forEach((result, i) => expectSame(actual[i]!, result, `${label}, result ${i}`));
}

const run = (op: RowsOp, inputs: Inputs, n: number | Int32Array, options: Options = {}, source: RowSource = SEED) =>
  resultsOf(op, { ...anymax, max: anymax }, inputs, n, options, source);

/** The ways to give arrays: as they are, resident, and with an out, which may be an input. */
function inEveryWay(op: RowsOp, inputs: Inputs, n: number | Int32Array, options: Options, source: RowSource): Result[] {
  const results = run(op, inputs, n, options, source);
  const residents: { free(): void }[] = [];
  const inside = mapInputs(inputs, (array) => {
    const resident = alloc(array.constructor as Float32ArrayConstructor, array.length);
    resident.view.set(array);
    residents.push(resident);
    return resident as never;
  });
  expectAll(run(op, inside, n, options, source), results, `${op.name} resident`);
  for (const resident of residents) resident.free();
  if (results.length === 1) {
    const out = results[0]!.slice().fill(99);
    expect(run(op, inputs, n, { ...options, out: out as never }, source)[0]).toBe(out);
    expectAll([out], results, `${op.name} with out`);
    for (const name of Object.keys(inputs) as (keyof Inputs)[]) {
      const copy = inputs[name].slice();
      if (copy.length !== out.length || copy.constructor !== out.constructor) continue;
      run(op, { ...inputs, [name]: copy }, n, { ...options, out: copy as never }, source);
      // an input that the op does not take holds the result too
      expectAll([copy], results, `${op.name} with ${name} as out`);
    }
  }
  return results;
}

inEverySetting((dtype) => {
  describe.each(ROWS.filter(({ draws }) => draws))('$name', (op) => ownKeys(op, dtype));
  describe.each(ROWS.filter(({ temperature }) => temperature !== 'none'))('$name', (op) => ownTemperatures(op, dtype));
});

function ownKeys(op: RowsOp, dtype: Dtype): void {
  test.each(SHAPES)('%i rows of %i with a key each', (rows, n) => {
    const inputs = inputsOf(dtype, Array<number>(rows).fill(n), rows + n),
      starts = startsOf(Array<number>(rows).fill(n));
    if (op.gives[0] === 2 && n < 2) return;
    const ids = idsOf(rows),
      keys = Array.from(ids, (id) => foldIn(SEED, id));
    const results = inEveryWay(op, inputs, n, {}, keys);
    for (let r = 0; r < rows; r++) {
      const alone = run(op, rowsOf(inputs, starts, r, r + 1), n, {}, keys[r]!);
      expectAll(rowOf(op, results, r, n), alone, `${op.name} row ${r}`);
    }
    expectAll(inEveryWay(op, inputs, n, {}, perRow(SEED, ids)), results, `${op.name} by ids`);
    const inOrder = Array.from({ length: rows }, (_, r) => foldIn(SEED, r));
    expectAll(run(op, inputs, n, {}, perRow(SEED)), run(op, inputs, n, {}, inOrder), `${op.name} in order`);
  });
}

function ownTemperatures(op: RowsOp, dtype: Dtype): void {
  const values = op.temperature === 'all' ? [0.5, 0, 1, 3, 3, 3, Infinity, 1] : [0.5, 1, 3, 3, 3, 0.125];
  test.each(SHAPES)('%i rows of %i with a temperature each', (rows, n) => {
    const inputs = inputsOf(dtype, Array<number>(rows).fill(n), rows + n),
      starts = startsOf(Array<number>(rows).fill(n));
    if (op.gives[0] === 2 && n < 2) return;
    const temperature = dtype.make(rows, (r) => values[r % values.length]!);
    const results = inEveryWay(op, inputs, n, { temperature }, SEED);
    for (const t of new Set(values)) {
      const all = run(op, inputs, n, { temperature: t });
      for (let r = 0; r < rows; r++) {
        if (temperature[r] === t)
          expectAll(rowOf(op, results, r, n), rowOf(op, all, r, n), `${op.name} row ${r} at ${t}`);
      }
    }
    if (!op.draws) return;
    const keys = Array.from(idsOf(rows), (id) => foldIn(SEED, id)),
      both = run(op, inputs, n, { temperature }, keys);
    for (let r = 0; r < rows; r++) {
      const alone = run(op, rowsOf(inputs, starts, r, r + 1), n, { temperature: temperature[r]! }, keys[r]!);
      expectAll(rowOf(op, both, r, n), alone, `${op.name} row ${r} with a key`);
    }
  });
}
