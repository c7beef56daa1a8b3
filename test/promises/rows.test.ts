/** Rows that differ, op by op: each row against a call in which it is alone, bit by bit. */
import * as anymax from 'anymax';
import { alloc, type Floats, foldIn, key, perRow, type RowSource } from 'anymax';
import { describe, expect, test } from 'vitest';
import { type Dtype, expectSame, inEverySetting } from '../support/backends.ts';
import { generator } from '../tables/kernels.ts';
import { MAXES } from '../tables/maxes.ts';
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
/** Ops that ask for two classes. */
const OF_TWO = /^(gumbelTopK|topK|plackettLuce)/;
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

const all = new Map<string, Inputs>();
/** Inputs that all ops have in common. */
function made(name: string, make: () => Inputs): Inputs {
  const inputs = all.get(name) ?? make();
  all.set(name, inputs);
  return inputs;
}
const equal = (dtype: Dtype, rows: number, n: number): Inputs =>
  made(`${dtype.name} ${rows} of ${n}`, () => inputsOf(dtype, Array<number>(rows).fill(n), rows + n));

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
  describe.each(ROWS)('$name', (op) => {
    if (op.ragged) raggedRows(op, dtype);
    rowsApart(op, dtype);
  });
});

function ownKeys(op: RowsOp, dtype: Dtype): void {
  test.each(SHAPES)('%i rows of %i with a key each', (rows, n) => {
    const inputs = equal(dtype, rows, n),
      starts = startsOf(Array<number>(rows).fill(n));
    if (OF_TWO.test(op.name) && n < 2) return;
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
    const inputs = equal(dtype, rows, n),
      starts = startsOf(Array<number>(rows).fill(n));
    if (OF_TWO.test(op.name) && n < 2) return;
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

/** Lengths of rows, some 0, each of which divides what comes before it: so its elements are those of a row of equal ones. */
function lengthsOf(rows: number, seed: number): number[] {
  const random = generator(seed);
  let sum = 0;
  return Array.from({ length: rows }, (_, r) => {
    const divisors = Array.from({ length: 40 }, (_, i) => i + 1).filter((n) => sum % n === 0);
    const n = r > 0 && random() < 0.15 ? 0 : divisors[Math.floor(random() * divisors.length)]!;
    sum += n;
    return n;
  });
}

inEverySetting((dtype) => {
  test.each(MAXES)(
    'a row of $name with nothing but -Infinity gives zeros if asked for, others what they give',
    ({ max }) => {
      for (const [rows, n] of [
        [9, 1],
        [9, 3],
        [9, 20],
        [200, 90],
      ] as const) {
        const values = equal(dtype, rows, n).x.slice() as Floats;
        for (let r = 0; r < rows; r += 2) values.fill(-Infinity, r * n, (r + 1) * n);
        values[3 * n] = NaN;
        for (const temperature of [1, 0.5, 0, Infinity]) {
          const plain = max(values, n, { temperature });
          const expected = plain.map((v, i) => (Math.floor(i / n) % 2 === 0 ? 0 : v)) as Floats;
          expectSame(max(values, n, { temperature, empty: 'zero' }), expected, `${n} at ${temperature}`);
          const inPlace = values.slice();
          expectSame(max(inPlace, n, { temperature, empty: 'zero', out: inPlace }), expected);
          const offsets = startsOf(Array<number>(rows).fill(n));
          expectSame(max(values, offsets, { temperature, empty: 'zero' }), expected);
        }
        const p = max(values, n, { empty: 'zero' }),
          d = equal(dtype, rows, n).d;
        for (const gradient of [
          max.vjp(p, d, n, { empty: 'zero' }),
          max.vjpTemperature(p, d, n, { temperature: 0.5, empty: 'zero' }),
          max.vjpAlpha(p, d, n),
          max.entropy(p, n),
        ]) {
          const width = gradient.length / rows;
          for (let r = 0; r < rows; r += 2) expect(Math.abs(gradient[r * width]!)).toBe(0);
        }
      }
    },
  );
});

/** What a row of n gives that stands behind others, of one key. */
function behind(op: RowsOp, row: Inputs, n: number, before: number, options: Options): Result[] {
  const padded = mapInputs(row, (array, width) => {
    const start = before * (width ?? n);
    const longer = new (array.constructor as Float32ArrayConstructor)(start + array.length);
    longer.set(array, start);
    return longer as unknown as typeof array;
  });
  return rowOf(op, run(op, padded, n, options), before, n);
}

/** What a row gives alone; behind others where the noise of one key is that of its place. */
function alone(op: RowsOp, row: Inputs, n: number, options: Options, source: RowSource, before = 0): Result[] {
  // two classes of one: the second is not there
  if (n === 1 && OF_TWO.test(op.name)) {
    const twice = mapInputs(row, (array, width) => {
      if (width !== undefined) return array;
      const masked = new (array.constructor as Float32ArrayConstructor)(2).fill(-Infinity);
      masked[0] = array[0]!;
      return masked as unknown as typeof array;
    });
    return run(op, twice, 2, options, source).map((result, i) => (op.gives[i] === 'n' ? result.slice(0, 1) : result));
  }
  return before === 0 ? run(op, row, n, options, source) : behind(op, row, n, before, options);
}

function raggedRows(op: RowsOp, dtype: Dtype): void {
  const check = (rows: number, seed: number, ownKeys: boolean, ownTemperatures: boolean): void => {
    const lengths = lengthsOf(rows, seed),
      starts = startsOf(lengths),
      inputs = made(`${dtype.name} ${rows} ${seed}`, () => inputsOf(dtype, lengths, seed));
    const keys = Array.from(idsOf(rows), (id) => foldIn(SEED, id)),
      temperature = dtype.make(rows, (r) => [0.5, 2, 2, 1][r % 4]!);
    const results = inEveryWay(op, inputs, starts, ownTemperatures ? { temperature } : {}, ownKeys ? keys : SEED);
    for (let r = 0; r < rows; r++) {
      const n = lengths[r]!,
        options = ownTemperatures ? { temperature: temperature[r]! } : {};
      const own = results.map((result, i) => {
        const width = op.gives[i]!;
        return width === 'n' ? result.slice(starts[r], starts[r + 1]) : result.slice(width * r, width * (r + 1));
      });
      if (n === 0) {
        own.forEach((result, i) => expect([...result]).toEqual([...result].map(() => op.empty[i] ?? op.empty[0])));
        continue;
      }
      const row = rowsOf(inputs, starts, r, r + 1),
        before = !op.draws || ownKeys ? 0 : op.byRow ? r : starts[r]! / n;
      // at 2 elements the second class is in the next row
      if (n === 1 && before > 0 && OF_TWO.test(op.name)) continue;
      expectAll(own, alone(op, row, n, options, ownKeys ? keys[r]! : SEED, before), `${op.name} row ${r} of ${n}`);
    }
  };
  test('ragged rows', () => check(40, 1, false, false));
  if (op.temperature !== 'none') test('ragged rows with a temperature each', () => check(40, 2, false, true));
  if (op.draws) test('ragged rows with a key each', () => check(40, 3, true, op.temperature !== 'none'));
  test('ragged rows in several chunks', () => check(850, 4, op.draws, false));
}

/** [a, n, b] as [a, b, n] or, if `back`, the other way. */
function transposed<T extends Result>(array: T, a: number, n: number, b: number, back = false): T {
  const result = array.slice() as T;
  for (let i = 0; i < a; i++) {
    for (let j = 0; j < n; j++) {
      for (let k = 0; k < b; k++) {
        const [apart, together] = [(i * n + j) * b + k, (i * b + k) * n + j];
        result[back ? apart : together] = array[back ? together : apart]!;
      }
    }
  }
  return result;
}

function rowsApart(op: RowsOp, dtype: Dtype): void {
  test.each([
    [2, 5, 3],
    [1, 70, 66],
    [2, 33, 260],
    [4, 3, 1],
  ])('rows of [%i, %i, %i] along its middle', (a, n, b) => {
    const rows = a * b,
      together = equal(dtype, rows, n),
      apart = made(`${dtype.name} ${a} ${n} ${b}`, () =>
        mapInputs(together, (array, width) => (width === undefined ? transposed(array, a, n, b, true) : array)),
      );
    const options = op.temperature === 'none' ? {} : { temperature: dtype.make(rows, (r) => [0.5, 2, 2][r % 3]!) };
    for (const source of op.draws ? [SEED, perRow(SEED, idsOf(rows))] : [SEED]) {
      const expected = run(op, together, n, options, source),
        results = inEveryWay(op, apart, n, { ...options, stride: b }, source);
      const wanted = expected.map((result, i) => (op.gives[i] === 'n' ? transposed(result, a, n, b, true) : result));
      expectAll(results, wanted, op.name);
    }
  });
}
