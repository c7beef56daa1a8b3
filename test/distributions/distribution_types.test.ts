/** What the compiler says of distributions: the dtype follows arrays, numbers alone are float32, values may be of any memory. */
import {
  Bernoulli,
  BinConcrete,
  Categorical,
  Concrete,
  ExpConcrete,
  Gumbel,
  klDivergence,
  Logistic,
  LogitBinConcrete,
  Normal,
} from 'anymax';
import { expect, expectTypeOf, test } from 'vitest';

const singles = Float32Array.of(0.25, 0.75),
  doubles = Float64Array.of(0.25, 0.75);
type Single = typeof singles;
type Double = typeof doubles;

test('numbers alone are float32', () => {
  expectTypeOf(new Normal(0, 1)).toEqualTypeOf<Normal>();
  expectTypeOf(new Normal(0, 1).mean()).toEqualTypeOf<Float32Array>();
  expectTypeOf(new Gumbel(0, 1)).toEqualTypeOf<Gumbel<Float32Array>>();
  expectTypeOf(new Logistic(0, 1)).toEqualTypeOf<Logistic<Float32Array>>();
  expectTypeOf(new Bernoulli(0)).toEqualTypeOf<Bernoulli<Float32Array>>();
  expectTypeOf(new BinConcrete(0)).toEqualTypeOf<BinConcrete<Float32Array>>();
  expectTypeOf(new LogitBinConcrete(0, { temperature: 2 })).toEqualTypeOf<LogitBinConcrete<Float32Array>>();
  expectTypeOf(Bernoulli.fromProbs(0.5)).toEqualTypeOf<Bernoulli<Float32Array>>();
  expectTypeOf(BinConcrete.fromProbs(0.5)).toEqualTypeOf<BinConcrete<Float32Array>>();
  expect(new Normal(0, 1).mean()).toBeInstanceOf(Float32Array);
});

test('the dtype follows an array', () => {
  expectTypeOf(new Normal(singles, 1)).toEqualTypeOf<Normal<Single>>();
  expectTypeOf(new Normal(0, doubles).cdf(0.5)).toEqualTypeOf<Double>();
  expectTypeOf(new Categorical(doubles, 2).logProb(0)).toEqualTypeOf<Double>();
  expectTypeOf(new Categorical(doubles, 2).mode()).toEqualTypeOf<Int32Array>();
  expectTypeOf(Categorical.fromProbs(singles, 2).entropy()).toEqualTypeOf<Single>();
  expectTypeOf(Concrete.fromProbs(doubles, 2)).toEqualTypeOf<Concrete<Double>>();
  expectTypeOf(ExpConcrete.fromProbs(singles, 2)).toEqualTypeOf<ExpConcrete<Single>>();
  expectTypeOf(new Bernoulli(doubles).cdf(Int32Array.of(0, 1))).toEqualTypeOf<Double>();
  expectTypeOf(LogitBinConcrete.fromProbs(doubles).isf(0.5)).toEqualTypeOf<Double>();
});

test('values may lie in any memory, parameters and values be numbers or arrays', () => {
  const law = new Normal(singles, 1);
  const any: Float32Array = singles,
    either = singles as number | Single;
  expect(law.cdf(any)).toEqual(law.cdf(singles));
  expectTypeOf(law.sf(either)).toEqualTypeOf<Single>();
  expectTypeOf(new Normal(either, 1)).toEqualTypeOf<Normal<Single>>();
  // @ts-expect-error: values of another dtype
  expect(() => law.cdf(doubles)).toThrow(TypeError);
  // @ts-expect-error: parameters of two dtypes
  expect(() => new Normal(singles, doubles)).toThrow(TypeError);
  // @ts-expect-error: a class is an index
  expect(() => new Categorical(singles, 2).logProb(singles)).toThrow(TypeError);
});

test('divergences and their gradients', () => {
  const p = new Normal(singles, 1);
  expectTypeOf(klDivergence(p, p)).toEqualTypeOf<Single>();
  expectTypeOf(klDivergence.vjp(p, p, singles).p.loc).toEqualTypeOf<Single>();
  const q = new Categorical(doubles, 2);
  expectTypeOf(klDivergence.vjp(q, q, Float64Array.of(1)).q.logits).toEqualTypeOf<Double>();
  expectTypeOf(q.entropyVjp(Float64Array.of(1)).logits).toEqualTypeOf<Double>();
  // @ts-expect-error: two classes
  expect(() => klDivergence(new Normal(0, 1), new Gumbel(0, 1))).toThrow(TypeError);
});
