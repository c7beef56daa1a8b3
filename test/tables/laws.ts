/** The one-dimensional laws by formulas with Math's functions. */
import { BinConcrete, type Floats, Gumbel, Logistic, LogitBinConcrete, Normal } from 'anymax';
import { sigmoidOf } from '../oracles/numeric.ts';

export const f64 = (...values: number[]): Float64Array => Float64Array.from(values);

/** One of the three by its name. To the compiler their constructors are overloads that differ in what they make. */
export const lawOf = <A extends Floats>(name: 'Gumbel' | 'Logistic' | 'Normal', loc: A, scale: A): Normal<A> =>
  new ({ Gumbel, Logistic, Normal }[name] as unknown as typeof Normal)(loc, scale);

/** A relaxed bit by its name. */
export const bitOf = <A extends Floats>(
  name: 'BinConcrete' | 'LogitBinConcrete',
  logits: A,
  options?: { temperature: number },
): BinConcrete<A> => new ({ BinConcrete, LogitBinConcrete }[name] as typeof BinConcrete)(logits, options);

/** What the tests know of a law without the package. */
export interface LawEntry {
  readonly name: string;
  readonly make: <A extends Floats>(loc: number | A, scale: number | A) => Normal<A> | Gumbel<A> | Logistic<A>;
  readonly noise: 'normal' | 'gumbel' | 'logistic';
  readonly logPdf: (z: number) => number;
  readonly cdf: ((z: number) => number) | undefined;
  /** Beyond which the density is nothing. */
  readonly range: readonly [number, number];
}

export const LAWS: readonly LawEntry[] = [
  {
    name: 'Normal',
    make: (loc, scale) => new Normal(loc, scale),
    noise: 'normal',
    logPdf: (z) => -(z ** 2) / 2 - Math.log(2 * Math.PI) / 2,
    cdf: undefined, // test/distributions/normal_cdf.test.ts
    range: [-12, 12],
  },
  {
    name: 'Gumbel',
    make: (loc, scale) => new Gumbel(loc, scale),
    noise: 'gumbel',
    logPdf: (z) => -z - Math.exp(-z),
    cdf: (z) => Math.exp(-Math.exp(-z)),
    range: [-6, 60],
  },
  {
    name: 'Logistic',
    make: (loc, scale) => new Logistic(loc, scale),
    noise: 'logistic',
    logPdf: (z) => -Math.abs(z) - 2 * Math.log1p(Math.exp(-Math.abs(z))),
    cdf: sigmoidOf,
    range: [-60, 60],
  },
];
