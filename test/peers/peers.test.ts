/**
 * The tables of other projects' test suites: inputs and expected values, with the source named in each file. A case is
 * a row of a table; it runs on both backends and in both dtypes. An error is counted in roundings of the size that
 * its op gives it, beyond the digits that the source prints; the greatest ones of each source are printed.
 */
import { readdirSync, readFileSync } from 'node:fs';
import * as anymax from 'anymax';
import { afterAll, describe, expect, test } from 'vitest';
import { BACKENDS, DTYPES, type Dtype, on } from '../support/backends.ts';
import { chiSquare, softmaxOf, tally } from '../support/statistics.ts';
import { DISTRIBUTION_OPS } from './distributions.ts';
import type { Maker, Numbers, Options } from './op.ts';
import { ROW_OPS } from './rows.ts';

const OPS = new Map([...ROW_OPS, ...DISTRIBUTION_OPS]);

type Cell = number | string | readonly (number | string)[];
interface Table extends Options {
  readonly op: string;
  readonly what?: string;
  /** Significant digits of the expected values, where the source prints fewer than it has. */
  readonly digits?: number;
  readonly dtypes?: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}
interface Source {
  readonly source: string;
  readonly tables: readonly Table[];
}

/** Roundings of the size; measured: see the printed maxima. */
const BOUND = 16;
/** Of a chi-square as a standard normal: false alarms of 1e-9 a table. */
const SHARES = 6;

const FOLDER = new URL('./', import.meta.url);
const SOURCES = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));

function makerOf(dtype: Dtype): Maker {
  return {
    ...dtype,
    of: (values) => dtype.make(values.length, (i) => values[i]!),
    moved: (values) =>
      values.reduce((most, v) => (Math.abs(v) < Infinity ? Math.max(most, Math.abs(v - dtype.round(v))) : most), 0) /
      dtype.epsilon,
  };
}
const MAKERS = DTYPES.map(makerOf);
const numbers = (cell: Cell): number[] => (Array.isArray(cell) ? cell : [cell]).map(Number);

/** The greatest error of a row in roundings; Infinity where a special value differs. */
function errorOf(table: Table, row: readonly Cell[], make: Maker): number {
  const { run, size } = OPS.get(table.op)!;
  const args = row.slice(0, -1).map(numbers),
    expected = numbers(row.at(-1)!);
  const { temperature, alpha } = table;
  const options = { ...(temperature !== undefined && { temperature }), ...(alpha !== undefined && { alpha }) };
  const got = Array.from(run(make, options, ...args)),
    sizes = size(make, expected, options, ...args);
  if (got.length !== expected.length) return Infinity;
  return expected.reduce((most, value, i) => {
    const g = got[i]!,
      e = Math.abs(make.round(value)) < Infinity ? value : make.round(value);
    if (Object.is(g, e) || g === e) return most;
    if (!Number.isFinite(g) || !Number.isFinite(e)) return Infinity;
    const printed = table.digits === undefined ? 0 : 10 ** (1 - table.digits) * Math.max(Math.abs(e), 0.1);
    const beyond = Math.abs(g - e) - printed - tiny(make);
    return beyond > 0 ? Math.max(most, beyond / (make.epsilon * sizes[i]!)) : most;
  }, 0);
}

/** The least normal number: below it results have fewer digits. */
const tiny = (make: Maker): number => (make.name === 'float32' ? 2 ** -126 : 2 ** -1022);

/** How far the draws of a row are from its softmax, by three ops, in standard deviations. */
function shares([logits, n, draws, seed]: readonly Numbers[], make: Maker): number {
  const p = softmaxOf(logits!, 1),
    count = draws![0]!,
    key = anymax.key(seed![0]!);
  const many = make.make(n![0]! * count, (i) => logits![i % n![0]!]!);
  const ways = [
    anymax.categorical(key, make.of(logits!), n![0]!, { draws: count }),
    anymax.gumbelMax(key, many, n![0]!),
    anymax.argmax(anymax.gumbelSoftmax(key, many, n![0]!), n![0]!),
  ];
  return Math.max(...ways.map((indices) => chiSquare(tally(indices, n![0]!), p)));
}

/** What an op refuses: the class of the error. */
function refusal([what, ...args]: readonly Cell[], make: Maker): string {
  const [first, second, third] = args.slice(0, -1);
  const array = make.of(numbers(first!));
  const calls: Record<string, () => unknown> = {
    ExpConcrete: () => new anymax.ExpConcrete(array, Number(second), { temperature: Number(third) }),
    BinConcrete: () => new anymax.BinConcrete(array, { temperature: Number(second) }),
    Gumbel: () => new anymax.Gumbel(array, make.of(numbers(second!))),
    Logistic: () => new anymax.Logistic(array, make.of(numbers(second!))),
    Normal: () => new anymax.Normal(array, make.of(numbers(second!))),
    'Bernoulli.fromProbs': () => anymax.Bernoulli.fromProbs(array),
    'Categorical.fromProbs': () => anymax.Categorical.fromProbs(array, Number(second)),
    gumbelTopK: () => anymax.gumbelTopK(anymax.key(1), array, Number(second), Number(third)),
    categorical: () => anymax.categorical(anymax.key(1), array, Number(second), { draws: Number(third) }),
  };
  try {
    calls[String(what)]!();
  } catch (error) {
    return (error as Error).name;
  }
  return 'no error';
}

const report: string[] = [];
afterAll(() => console.log(['Greatest errors in roundings (float32, float64), by source', ...report].join('\n')));

describe.each(SOURCES)('%s', (file) => {
  const { source, tables } = JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as Source;
  const greatest = { float32: 0, float64: 0 };
  afterAll(() => {
    const cases = tables.reduce((total, { rows }) => total + rows.length, 0);
    const errors = Object.values(greatest).map((error) => error.toFixed(2).padStart(6));
    report.push(`${String(cases).padStart(5)} cases  ${errors.join(' ')}  ${source}`);
  });

  test.each(BACKENDS)('%s', (backend) =>
    on(backend, () => {
      for (const table of tables) {
        for (const make of MAKERS.filter(({ name }) => table.dtypes?.includes(name) ?? true)) {
          for (const row of table.rows) {
            const label = `${table.op} ${table.what ?? ''} ${make.name}: ${JSON.stringify(row).slice(0, 200)}`;
            if (table.op === 'refuses') expect.soft(refusal(row, make), label).toBe(row.at(-1));
            else if (table.op === 'shares') expect.soft(shares(row.map(numbers), make), label).toBeLessThan(SHARES);
            else {
              const error = errorOf(table, row, make);
              greatest[make.name] = Math.max(greatest[make.name], error);
              if (!(error <= BOUND)) expect.soft(error, label).toBeLessThanOrEqual(BOUND);
            }
          }
        }
      }
    }),
  );
});
