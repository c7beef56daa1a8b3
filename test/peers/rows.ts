/** Ops on rows: how the tables of test/peers call them. */
import * as anymax from 'anymax';
import type { Floats, Max } from 'anymax';
import { softmaxOf, sum } from '../oracles/numeric.ts';
import { classes, type Maker, type Numbers, type Op, type Options } from './op.ts';

const finite = (x: Numbers): number[] => x.filter((v) => Math.abs(v) < Infinity);
const greatest = (x: Numbers): number => finite(x).reduce((most, v) => Math.max(most, Math.abs(v)), 0);
const spread = (x: Numbers): number =>
  x.length === 0
    ? 0
    : finite(x).reduce((a, b) => Math.max(a, b), -1e308) - finite(x).reduce((a, b) => Math.min(a, b), 1e308);
const rowsOf = (x: Numbers, n: number): Numbers[] =>
  Array.from({ length: Math.ceil(x.length / n) }, (_, r) => x.slice(r * n, r * n + n));
const exact: Op['size'] = (_, expected) => expected.map(() => 0);

/** An op on rows of n: `own` is the error of a value in its row, beside what the rounding of x does. */
const rows = (
  call: (x: Floats, n: number, o: Options) => ArrayLike<number>,
  own: (value: number, row: Numbers, x: Numbers, moved: number) => number,
): Op => ({
  run: (make, o, x, [n]) => call(make.of(x!), n!, o),
  size(make, expected, { temperature = 1 }, x, [n]) {
    const moved = make.moved(x!) / temperature,
      perRow = expected.length === x!.length ? n! : 1;
    return expected.map((v, i) => {
      const r = Math.floor(i / perRow);
      return own(v, expected.slice(r * perRow, (r + 1) * perRow), x!.slice(r * n!, (r + 1) * n!), moved);
    });
  },
});

const sparse = (call: (x: Floats, n: number, o: Options) => Floats): Op =>
  rows(call, (_, row, __, moved) => greatest(row) + 2 * moved);

/** Loss and gradients of a max; targets are classes, or rows (`of rows`). */
function members(name: string, max: (o: Options) => Max): [string, Op][] {
  const target = (make: Maker, y: Numbers, ofRows: boolean): Int32Array | Floats => (ofRows ? make.of(y) : classes(y));
  const losses = [false, true].flatMap((ofRows): [string, Op][] => [
    [
      `${name}.loss${ofRows ? ' of rows' : ''}`,
      {
        run: (make, o, x, y, [n]) => max(o).loss(make.of(x!), target(make, y!, ofRows) as Floats, n!),
        size: (make, expected, _, x) =>
          expected.map((v) => Math.abs(v) + 2 * make.moved(x!) + (ofRows ? spread(x!) : 0)),
      },
    ],
    [
      `${name}.lossGradient${ofRows ? ' of rows' : ''}`,
      {
        run: (make, o, x, y, [n]) => max(o).lossGradient(make.of(x!), target(make, y!, ofRows) as Floats, n!),
        size: (make, expected, _, x) => expected.map(() => (ofRows ? 1 : greatest(expected)) + 2 * make.moved(x!)),
      },
    ],
  ]);
  return [
    ...losses,
    [
      `${name}.vjp`,
      {
        run: (make, o, x, dp, [n]) => max(o).vjp(max(o)(make.of(x!), n!), make.of(dp!), n!),
        // dp counts from its value at the greatest p, and for softmax by p
        size: (make, _, __, x, dp, [n]) =>
          rowsOf(x!, n!).flatMap((row, r) => {
            const top = row.reduce((best, v, i) => (v > row[best]! ? i : best), 0);
            const d = dp!.slice(r * n!, (r + 1) * n!).map((v) => Math.abs(v - dp![r * n! + top]!));
            const p = softmaxOf(row);
            const size = name === 'softmax' ? sum(d.map((v, i) => v * p[i]!)) : greatest(d);
            return row.map(() => size * (1 + 2 * make.moved(x!)) + make.moved(dp!));
          }),
      },
    ],
  ];
}

const logSoftmaxVjp: Op = {
  run: (make, _, x, d, [n]) => anymax.logSoftmax.vjp(anymax.logSoftmax(make.of(x!), n!), make.of(d!), n!),
  size: (make, expected, _, x, d) => expected.map(() => sum(d!.map(Math.abs)) * (1 + 2 * make.moved(x!))),
};

export const ROW_OPS: readonly [string, Op][] = [
  ['softmax', rows(anymax.softmax, (p, _, __, moved) => p * (1 + 2 * moved))],
  ['sparsemax', sparse(anymax.sparsemax)],
  ['entmax15', sparse(anymax.entmax15)],
  ['entmax', sparse((x, n, { alpha }) => anymax.entmax(alpha!)(x, n))],
  ['logSoftmax', rows(anymax.logSoftmax, (l, _, __, moved) => Math.abs(l) + 2 * moved)],
  [
    'logSumExp',
    rows(
      anymax.logSumExp,
      (l, _, x, moved) => Math.max(Math.abs(l), Math.abs(finite(x).reduce((a, b) => Math.max(a, b), -1e308))) + moved,
    ),
  ],
  [
    'hardmax',
    {
      ...rows(
        (x, n) => anymax.hardmax(x, n),
        () => 0,
      ),
    },
  ],
  ['argmax', { run: (make, _, x, [n]) => anymax.argmax(make.of(x!), n!), size: exact }],
  ...members('softmax', () => anymax.softmax),
  ...members('sparsemax', () => anymax.sparsemax),
  ...members('entmax15', () => anymax.entmax15),
  ...members('entmax', ({ alpha }) => anymax.entmax(alpha!)),
  ['logSoftmax.vjp', logSoftmaxVjp],
  [
    'categorical',
    {
      run: (make, _, l, [n], [count]) => anymax.categorical(anymax.key(7), make.of(l!), n!, { draws: count! }),
      size: exact,
    },
  ],
  [
    'gumbelTopK',
    { run: (make, o, l, [n], [k]) => anymax.gumbelTopK(anymax.key(7), make.of(l!), n!, k!, o), size: exact },
  ],
];
