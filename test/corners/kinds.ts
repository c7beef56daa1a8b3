/** The kinds of rows at which ops have gone wrong: gaps, spreads, temperatures, ties, masks. */
import type { Dtype } from '../support/backends.ts';
import { uniforms } from '../accuracy/harness.ts';

export interface Row {
  readonly x: readonly number[];
  readonly temperature: number;
}

export interface Kind {
  readonly name: string;
  readonly rows: (dtype: Dtype) => Row[];
}

/** Some of the sizes at which loops change form: lanes, short rows, groups of vectors. */
const SIZES = [2, 3, 10, 33];
const row = (x: readonly number[], temperature = 1): Row => ({ x, temperature });
const isSingle = ({ name }: Dtype): boolean => name === 'float32';

/** One class at 0 and the others `gap` below, none quite like the other. */
function beside(gap: number, n: number, at: number): number[] {
  const u = uniforms(n + gap);
  return Array.from({ length: n }, (_, i) => (i === at ? 0 : -gap - u()));
}

/** Greatest |x|: the range of the dtype, where x - max x overflows. */
const edge = (dtype: Dtype): number => dtype.round(isSingle(dtype) ? 3e38 : 1.5e308);
const least = (dtype: Dtype): number => (isSingle(dtype) ? 2 ** -149 : 2 ** -1074);

export const KINDS: readonly Kind[] = [
  {
    name: 'gaps of 0.1 to 800 beside the winner',
    rows: () =>
      [0.1, 5, 18, 20, 30, 36, 40, 60, 80, 88, 104, 300, 700, 740, 800].flatMap((gap, i) =>
        [SIZES[i % 4]!, SIZES[(i + 1 + (i >> 2)) % 4]!].map((n) =>
          row(beside(gap, n, [0, n - 1, n >> 1][i % 3]!), [1, 1, 0.7][i % 3]!),
        ),
      ),
  },
  {
    name: 'two winners, others far below',
    rows: () => [20, 40, 80].map((gap) => row([...beside(gap, 5, 0), 0, ...beside(gap, 3, 1).map((v) => v - 1e-3)])),
  },
  {
    name: 'spreads of the whole range',
    rows(dtype) {
      const B = edge(dtype),
        half = B / 2;
      return [
        row([B, -B], B),
        row([-B, B], B),
        row([B, 0, -B], B),
        row([B, -B, B, -B / 3], B),
        row([B, -B], half),
        row([B, -B], B / 16),
        row([B, -B], 1),
        row([B, B], 1),
        row([-B, -B, -half], B),
        row([half, -half, 0, B], B / 4),
        row([B, -B, -Infinity], B),
        row(
          Array.from({ length: 33 }, (_, i) => (i - 16) * (B / 16)),
          B,
        ),
        row(
          Array.from({ length: 10 }, (_, i) => (i % 3 === 0 ? -B : B)),
          B,
        ),
      ];
    },
  },
  {
    name: 'least temperatures',
    rows: (dtype) =>
      [least(dtype), least(dtype) * 2 ** 9, least(dtype) * 2 ** 23].flatMap((t) => [
        row([0, -t, -2 * t, -5 * t], t),
        row([t, 0, -t], t),
        row([1, 1, 0], t),
        row([90, 0, -90], t),
        row([0, -Infinity, -3 * t], t),
      ]),
  },
  {
    name: 'great temperatures',
    rows: (dtype) => [
      row([1, 0, -1], edge(dtype)),
      row([90, 0, -90, 4], 2 ** 100),
      row([edge(dtype), 0, 1], 2 ** 100),
      row([3, 3, 2], 1e6),
    ],
  },
  {
    name: 'offsets',
    rows: () =>
      [1e3, -1e3, 1e4, -1e6, 2e6].flatMap((offset) =>
        [1, 0.7, 3].map((t) =>
          row(
            [0, -1, -2.5, -7, 0.25].map((v) => v * 4 + offset),
            t,
          ),
        ),
      ),
  },
  {
    name: 'equal and nearly equal',
    rows: (dtype) => [
      row([3, 3]),
      ...SIZES.map((n) =>
        row(
          Array.from({ length: n }, () => -1.5),
          0.7,
        ),
      ),
      row([1, 1 + dtype.epsilon, 1 - dtype.epsilon, 1]),
      row([0, dtype.epsilon, -dtype.epsilon, 1e-30]),
      row([1e-30, 0, -1e-30], 1e-30),
    ],
  },
  {
    name: 'masked',
    rows: () => [
      row([-Infinity, 0]),
      row([-Infinity, 2, -Infinity, 1, -Infinity], 0.5),
      row([0, -Infinity, -40]),
      row(Array.from({ length: 40 }, (_, i) => (i === 37 ? 3 : -Infinity))),
      row(Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? -i : -Infinity))),
    ],
  },
  { name: 'one class', rows: (dtype) => [row([0]), row([-5], 0.3), row([edge(dtype)], 2)] },
  {
    name: 'at random',
    rows: () =>
      [0.01, 1, 8].flatMap((scale) =>
        SIZES.map((n) => {
          const u = uniforms(n);
          return row(
            Array.from({ length: n }, () => scale * (u() + u() + u() - 1.5) * 2),
            scale > 1 ? 2 : 0.7,
          );
        }),
      ),
  },
];

/** Rounded to the dtype: what the ops and the oracles see. */
export const rowsOf = (kind: Kind, dtype: Dtype): Row[] =>
  kind.rows(dtype).map(({ x, temperature }) => ({ x: x.map(dtype.round), temperature: dtype.round(temperature) }));
