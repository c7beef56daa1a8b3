/**
 * Vectors of other projects' test suites: tables of [x, calls, what stays], with the source named in each file. x: shares,
 * whose logarithms are the logits, or logits. What stays: the tokens, a range of them, their shares or their logits.
 * `noRepeat` and `dry` are the lines of docs/guide/tokens.md.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { type Floats, softmax } from 'anymax';
import { addBias, allow, penalize, truncate, type TruncationOptions } from 'anymax/tokens';
import { describe, expect, test } from 'vitest';
import { type Dtype, inEverySetting } from '../support/backends.ts';
import { repeats } from '../support/repeats.mjs';

type Numbers = readonly number[];
interface Calls {
  readonly truncate: TruncationOptions;
  readonly penalize: { history: Numbers; repetition?: number; frequency?: number; presence?: number };
  readonly addBias: { tokens: Numbers; values: Numbers };
  readonly allow: Numbers;
  readonly noRepeat: { history: Numbers; n: number };
  readonly dry: { history: Numbers; multiplier: number; base: number; allowed: number };
}
interface Table {
  readonly x: 'shares' | 'logits' | 'ln of 0 to n - 1';
  readonly gives: 'kept' | 'range' | 'shares' | 'logits';
  readonly rows: readonly [Numbers | number, readonly Partial<Calls>[], Numbers][];
}

const infinite = (_: string, v: unknown): unknown => (v === '-Infinity' ? -Infinity : v),
  folder = new URL('./published/', import.meta.url),
  files = readdirSync(folder).map((name) => {
    const text = readFileSync(new URL(name, folder), 'utf8');
    return JSON.parse(text, infinite) as { source: string; tables: Table[] };
  });

const CALLS: {
  [K in keyof Calls]: (logits: Floats, n: number, o: Calls[K], make: (v: Numbers) => Floats) => Floats;
} = {
  truncate,
  penalize: (logits, n, { history, ...penalties }) => penalize(logits, n, Int32Array.from(history), penalties),
  addBias: (logits, n, { tokens, values }, make) => addBias(logits, n, Int32Array.from(tokens), make(values)),
  allow(logits, n, tokens) {
    const mask = new Uint32Array(Math.ceil(n / 32));
    for (const token of tokens) mask[token >> 5]! |= 1 << (token & 31);
    return allow(logits, n, mask);
  },
  noRepeat(logits, n, { history, n: length }, make) {
    const tokens = [...repeats(history)].filter(([, agreed]) => agreed >= length - 1).map(([token]) => token);
    return addBias(logits, n, Int32Array.from(tokens), make(tokens.map(() => -Infinity)));
  },
  dry(logits, n, { history, multiplier, base, allowed }, make) {
    const long = [...repeats(history)].filter(([, length]) => length >= allowed),
      values = long.map(([, length]) => -multiplier * base ** (length - allowed));
    return addBias(
      logits,
      n,
      Int32Array.from(long, ([token]) => token),
      make(values),
    );
  },
};

function apply(dtype: Dtype, table: Table, x: Numbers | number, calls: readonly Partial<Calls>[]): Floats {
  const make = (values: Numbers): Floats => dtype.make(values.length, (i) => values[i]!),
    row = typeof x === 'number' ? Array.from({ length: x }, (_, i) => i) : x;
  let logits = make(table.x === 'logits' ? row : row.map(Math.log));
  for (const call of calls) {
    for (const [name, o] of Object.entries(call)) {
      logits = CALLS[name as keyof Calls](logits, row.length, o as never, make);
    }
  }
  return logits;
}

const tokensOf = (x: Floats): number[] => [...x.keys()].filter((i) => x[i]! > -Infinity);

test('at least 190 rows', () => {
  expect(files.flatMap(({ tables }) => tables).flatMap(({ rows }) => rows).length).toBeGreaterThanOrEqual(190);
});

inEverySetting((dtype) => {
  describe.each(files)('$source', ({ tables }) => {
    const rows = tables.flatMap((table) => table.rows.map(([x, calls, expected]) => ({ table, x, calls, expected })));
    test.each(rows)('$calls of $x', ({ table, x, calls, expected }) => {
      const logits = apply(dtype, table, x, calls);
      if (table.gives === 'kept') expect(tokensOf(logits)).toEqual(expected);
      else if (table.gives === 'range') {
        const [first, count] = expected as [number, number];
        expect(tokensOf(logits)).toEqual(Array.from({ length: count }, (_, i) => first + i));
      } else {
        const values = table.gives === 'shares' ? softmax(logits, logits.length) : logits,
          // of shares as many digits as the sources print
          error = table.gives === 'shares' ? 1e-5 : 1e-6;
        expect(values).toHaveLength(expected.length);
        expected.forEach((v, i) =>
          expect(Math.abs(values[i]! - v)).toBeLessThanOrEqual(error * Math.max(1, Math.abs(v))),
        );
      }
    });
  });
});
