/** Wrong arguments that once passed, or whose errors misled: the class and the whole wording of each. */
import { execFileSync } from 'node:child_process';
import { inspect } from 'node:util';
import {
  alloc,
  argmax,
  BinConcrete,
  binaryWeightedElboTerm,
  Categorical,
  categorical,
  expConcreteLogProb,
  foldIn,
  gumbelMax,
  gumbelSoftmax,
  gumbelTopK,
  Gumbel,
  key,
  klDivergence,
  logSumExp,
  Normal,
  Rng,
  softmax,
  split,
  weightedElboTerm,
} from 'anymax';
import { expect, test } from 'vitest';
import { expectSame, onBothBackends } from '../support/backends.ts';

type Call = (...args: unknown[]) => unknown;
const loose = (f: unknown): Call => f as Call;
const x = Float32Array.of(1, 2, 3, 4, 5, 6),
  double = new Float64Array(6),
  rng = new Rng(5);

type Row = readonly [what: string, call: () => unknown, kind: typeof TypeError | typeof RangeError, message: string];

const OPTIONS = (got: string): string => `options must be an object, got ${got}`;
const ROWS: readonly Row[] = [
  // options that are something else
  ['a resident array as options', () => loose(softmax)(x, 3, alloc(Float32Array, 6)), TypeError, OPTIONS('Resident')],
  ['a typed array as options', () => loose(softmax)(x, 3, new Float32Array(6)), TypeError, OPTIONS('Float32Array')],
  ['a Map as options', () => loose(softmax)(x, 3, new Map([['temperature', 2]])), TypeError, OPTIONS('Map')],
  ['an array as options', () => loose(gumbelMax)(rng, x, 3, [2]), TypeError, OPTIONS('Array')],
  ['an Rng as options', () => loose(gumbelSoftmax)(rng, x, 3, rng), TypeError, OPTIONS('Rng')],
  ['null as options', () => loose(logSumExp)(x, 3, null), TypeError, OPTIONS('null')],
  ['a number as options', () => loose(softmax)(x, 3, 0.5), TypeError, OPTIONS('0.5')],
  [
    'an unknown option',
    () => loose(softmax)(x, 3, { tau: 1 }),
    TypeError,
    "options: unknown name 'tau', expected temperature, out, stride, empty, dtype",
  ],
  // kinds and lengths
  [
    'integers as scores',
    () => loose(softmax)(new Int32Array(6), 3),
    TypeError,
    'x must be a Float32Array or Float64Array, got Int32Array',
  ],
  [
    'numbers as scores',
    () => loose(softmax)([1, 2, 3], 3),
    TypeError,
    'x must be a Float32Array or Float64Array, got Array: pass Float32Array.from(it)',
  ],
  [
    'floats for indices',
    () => loose(argmax)(x, 3, { out: new Float32Array(2) }),
    TypeError,
    'out must be an Int32Array, got Float32Array',
  ],
  ['another dtype', () => loose(softmax.vjp)(x, double, 3), TypeError, 'dp must be a Float32Array, got Float64Array'],
  ['a row that does not fit', () => softmax(x, 4), RangeError, 'x has length 6, which is not a multiple of n = 4'],
  [
    'another length',
    () => expConcreteLogProb(x, new Float32Array(3), 3),
    RangeError,
    'logits has length 3, expected 6',
  ],
  ['n of 0', () => softmax(x, 0), RangeError, 'n must be a positive integer, got 0'],
  [
    'no n',
    () => loose(softmax)(x),
    TypeError,
    'n must be a number, got undefined: the length of a row, x.length for a single one',
  ],
  [
    'a tensor',
    () => loose(softmax)({ data: x }, 2),
    TypeError,
    'x must be a Float32Array or Float64Array, got Object: pass the typed array that holds its data',
  ],
  ['n as text', () => loose(softmax)(x, '3'), TypeError, 'n must be a number, got "3"'],
  ['too many places', () => gumbelTopK(rng, x, 3, 4), RangeError, 'k must be at most n = 3, got 4'],
  ['no draws', () => categorical(rng, x, 3, { draws: 0 }), RangeError, 'draws must be a positive integer, got 0'],
  [
    'a temperature below 0',
    () => softmax(x, 3, { temperature: -1 }),
    RangeError,
    'temperature must not be negative or NaN, got -1',
  ],
  [
    'a temperature of 0 where it has no limit',
    () => logSumExp(x, 3, { temperature: -0 }),
    RangeError,
    'temperature must be finite and positive here, got 0 (0 in a Float32Array)',
  ],
  [
    'a max that is none',
    () => loose(gumbelSoftmax)(rng, x, 3, { max: argmax }),
    TypeError,
    'max must be a max of this package, such as softmax or entmax15, got a function',
  ],
  // keys
  ['an Rng to split', () => loose(split)(rng), TypeError, 'key must be a Key, got an Rng: pass its next()'],
  ['an Rng to foldIn', () => loose(foldIn)(rng, 1), TypeError, 'key must be a Key, got an Rng: pass its next()'],
  [
    'a number as a source',
    () => loose(gumbelMax)(7, x, 3),
    TypeError,
    'source must be a Key (from key, split or foldIn) or an Rng, got 7',
  ],
  [
    'a Proxy of an Rng',
    () => gumbelMax(new Proxy(rng, {}), x, 3),
    TypeError,
    'rng is a Proxy of an Rng, or not made by its constructor',
  ],
  [
    'an Rng at its end',
    () => Rng.from({ key: key(1), count: 2 ** 53 - 1 }).next(),
    RangeError,
    'rng has given all of its 2^53 - 1 keys',
  ],
  [
    'a Proxy of a resident array',
    () => softmax(new Proxy(alloc(Float32Array, 6), {}), 3),
    TypeError,
    'x must be a Float32Array or Float64Array, got Resident of another copy of the package, or a Proxy of one',
  ],
  // distributions and objectives
  [
    'more draws than there is room for',
    () => new Normal(0, 1).sample(rng, 2 ** 40),
    RangeError,
    'draws: there is no room for 1099511627776 draws of length 1',
  ],
  [
    'null for a relaxed sample',
    () => loose(weightedElboTerm)(null, x, x, 3),
    TypeError,
    'y must be a Float32Array or Float64Array, got null',
  ],
  [
    'null for relaxed bits',
    () => loose(binaryWeightedElboTerm)(null, x, x),
    TypeError,
    'y must be a Float32Array or Float64Array, got null',
  ],
  ['a scale of -0', () => new Gumbel(0, -0), RangeError, 'scale must be finite and positive, got 0 at 0'],
  [
    'two laws',
    () => loose(klDivergence)(new Normal(0, 1), new Gumbel(0, 1)),
    TypeError,
    'q must be of the class of p, got Gumbel',
  ],
  [
    'a temperature of 0 for a density',
    () => new BinConcrete(0, { temperature: 0 }),
    RangeError,
    'temperature must be finite and positive here, got 0 (0 in a Float32Array)',
  ],
];

onBothBackends(() => {
  test.each(ROWS)('%s', (_, call, kind, message) => {
    const before = JSON.stringify(rng.state);
    let error: unknown;
    try {
      call();
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(kind);
    expect((error as Error).message).toBe(message);
    expect(JSON.stringify(rng.state)).toBe(before);
  });

  test('what somebody adds to Object.prototype is no option', () => {
    const prototype = Object.prototype as { added?: number };
    const expected = softmax(x, 3, { temperature: 2 });
    prototype.added = 1;
    try {
      expectSame(softmax(x, 3, { temperature: 2 }), expected);
      expectSame(softmax(x, 3, {}), softmax(x, 3));
    } finally {
      delete prototype.added;
    }
  });

  test('a plain view at the end of the memory of the engine', () => {
    const resident = alloc(Float32Array, 4),
      { buffer } = resident.view;
    for (const n of [3, 1, 17, 40]) {
      const view = new Float32Array(buffer, buffer.byteLength - 4 * n, n);
      view.set(view.map((_, i) => i % 5));
      expectSame(softmax(view, n), softmax(view.slice(), n), `n ${n}`);
    }
    resident.free();
  });
});

test('lone surrogates and U+FFFD are different seeds', () => {
  expect(key('\ud800')).not.toEqual(key('\ufffd'));
  expect(key('\ud800')).not.toEqual(key('\ud801'));
});

test('the console says what a value is', () => {
  expect(inspect(new Categorical(x, 3))).toMatch(/^Categorical/);
  expect(inspect(new Normal(0, 1))).toMatch(/^Normal/);
  expect(inspect(rng)).toMatch(/^Rng/);
});

test('pool: threads; a rejection that nobody awaits is reported', () => {
  const dist = new URL('../../dist/threads.js', import.meta.url).href;
  const run = (code: string): string =>
    execFileSync(process.execPath, ['--input-type=module', '-e', `import { pool } from '${dist}';\n${code}`], {
      encoding: 'utf8',
    }).trim();
  const failed = (threads: string): string =>
    run(`await pool({ threads: ${threads} }).then(() => console.log('fine'), (e) => console.log(e.name, e.message));`);
  expect(failed('null')).toBe('TypeError threads must be a number, got null');
  expect(failed('0')).toBe('RangeError threads must be a positive integer, got 0');
  expect(
    run(`
      process.on('unhandledRejection', (e) => { console.log('unhandled:', e.message); process.exit(); });
      const p = await pool({ threads: 1 });
      p.softmax(1, 2);
      await new Promise((done) => setTimeout(done, 2000));
    `),
  ).toBe('unhandled: x must be a Float32Array or Float64Array, got 1');
});
