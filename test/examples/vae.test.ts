/** examples/vae on few digits and narrow layers: its forward pass by plain loops, its gradient by differences, its bits. */
import { gumbelSoftmax, hardmax, key, softmax } from 'anymax';
import { describe, expect, test } from 'vitest';
import { drawDigits } from '../../examples/digits/glyphs.mjs';
import { logistic } from '../../examples/vae/bernoulli.mjs';
import { binarise, readImages } from '../../examples/vae/data.mjs';
import { binary, categorical } from '../../examples/vae/latents.mjs';
import { addProduct } from '../../examples/vae/product.mjs';
import { DEFAULTS, Session, type Settings } from '../../examples/vae/session.mjs';

const data = readImages({ mnist: undefined, seed: 3, count: 200 });
const small: Settings = { ...DEFAULTS, hidden: 12, batch: 30, rate: 0.01 };
const range = (length: number): number[] => Array.from({ length }, (_, i) => i);
const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0);
const irregular = (length: number): Float64Array =>
  Float64Array.from({ length }, (_, i) => 2 * Math.sin(13 * (i + 1) ** 1.5));
const close = (values: ArrayLike<number>): unknown[] => Array.from(values, (value) => expect.closeTo(value, 9));

test('addProduct: plain loops, at every remainder of rows and columns', () => {
  for (const [rows, columns, inner] of [1, 2, 5].flatMap((r) => [1, 4, 6, 7, 11].map((c) => [r, c, c % 4] as const))) {
    const [a, b, c] = [irregular(rows * inner), irregular(inner * columns), irregular(rows * columns)];
    const wanted = c.map((value, i) => {
      const [r, j] = [Math.floor(i / columns), i % columns];
      return value + sum(range(inner).map((k) => a[k * rows + r]! * b[j * inner + k]!));
    });
    addProduct(rows, columns, inner, { data: a, row: 1, column: rows }, { data: b, row: 1, column: inner }, c);
    expect(Array.from(c)).toEqual(close(wanted));
  }
});

const sigmoid = (v: number): number => (v < 0 ? Math.exp(v) / (1 + Math.exp(v)) : 1 / (1 + Math.exp(-v)));
const softplus = (v: number): number => Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v)));

test('logistic: log(1 + exp l) and sigmoid(l)', () => {
  const l = Float64Array.of(-700, -30, -1, 0, 0.5, 20, 700);
  expect(Array.from(logistic(l).softplus)).toEqual(close(l.map(softplus)));
  expect(Array.from(logistic(l).sigmoid)).toEqual(close(l.map(sigmoid)));
});

test('binarise: the pixels above 1/2, image by image', () => {
  const digits = drawDigits(5, 1);
  const { starts, ink, labels } = binarise(digits);
  const pixels = range(5).map((i) => new Set(ink.subarray(starts[i], starts[i + 1])));
  digits.images.forEach((pixel, i) => expect(pixels[Math.floor(i / 784)]!.has(i % 784)).toBe(pixel > 0.5));
  expect(labels).toEqual(digits.labels);
  expect(sum(pixels.map(({ size }) => size))).toBe(ink.length);
});

describe('the KL term', () => {
  const [source, T] = [key(11), 0.6];

  test('of classes is what the paper writes', () => {
    const [latents, logits] = [categorical(4, 3), irregular(12)];
    const y = latents.sample(source, logits, T);
    const kl = (relaxation: 'analytic' | 'weighted' | 'density') =>
      Array.from(latents.kl[relaxation](logits, y, source, T).value);
    const rows = (term: (i: number) => number) => range(4).map((r) => sum([0, 1, 2].map((k) => term(3 * r + k))));
    const q = softmax(logits, 3);
    expect(kl('analytic')).toEqual(close(rows((i) => q[i]! * Math.log(3 * q[i]!))));
    expect(kl('weighted')).toEqual(close(rows((i) => y[i]! * Math.log(3 * q[i]!))));
    const logDensity = (a: ArrayLike<number>, t: number) => {
      const w = y.map((v, i) => a[i]! - t * Math.log(v));
      const sums = rows((i) => Math.exp(w[i]!));
      return rows((i) => w[i]!).map((total, r) => Math.log(2) + 2 * Math.log(t) + total - 3 * Math.log(sums[r]!));
    };
    const prior = logDensity(new Float64Array(12), 0.6 * T);
    expect(kl('density')).toEqual(close(logDensity(logits, T).map((v, r) => v - prior[r]!)));
  });

  test('of bits is what the paper writes', () => {
    const [latents, logits] = [binary(6), irregular(6)];
    const y = latents.sample(source, logits, T);
    const kl = (relaxation: 'analytic' | 'weighted' | 'density') =>
      Array.from(latents.kl[relaxation](logits, y, source, T).value);
    const weighted = (p: number, i: number) => {
      const q = sigmoid(logits[i]!);
      return p * Math.log(2 * q) + (1 - p) * Math.log(2 * (1 - q));
    };
    expect(kl('analytic')).toEqual(close(logits.map(sigmoid).map(weighted)));
    expect(kl('weighted')).toEqual(close(y.map(weighted)));
    const logDensity = (a: number, t: number, v: number) => {
      const d = a - t * Math.log(v / (1 - v));
      return Math.log(t) + d - 2 * softplus(d);
    };
    expect(kl('density')).toEqual(close(y.map((v, i) => logDensity(logits[i]!, T, v) - logDensity(0, 0.75 * T, v))));
  });
});

type Layer = Pick<Session['vae']['decoder'], 'inputs' | 'outputs' | 'weights' | 'bias'>;

/** One layer of one image by plain loops. */
function layer({ inputs, outputs, weights, bias }: Layer, x: ArrayLike<number>): Float64Array {
  return Float64Array.from(range(outputs), (o) =>
    range(inputs).reduce((total, i) => total + x[i]! * weights.value[i * outputs + o]!, bias.value[o]!),
  );
}
const relu = (x: Float64Array): Float64Array => x.map((v) => Math.max(v, 0));

test('the forward pass: one image by plain loops', () => {
  const { vae, objective } = new Session(small, data, Float64Array);
  const { starts, ink } = data.training;
  const image = new Float64Array(784);
  for (const pixel of ink.subarray(starts[5], starts[6])) image[pixel] = 1;
  const logits = layer(vae.posterior, relu(layer(vae.encoder, image)));
  const y = gumbelSoftmax(key(5), logits, 10, { temperature: 0.7 });
  const pixels = layer(vae.likelihood, relu(layer(vae.decoder, y)));
  const q = softmax(logits, 10);
  const how = { source: key(5), temperature: 0.7, relaxation: small.relaxation };
  expect(objective.step(data.training, Int32Array.of(5), how)).toEqual({
    reconstruction: expect.closeTo(sum(pixels.map((l, i) => softplus(l) - image[i]! * l)), 9),
    KL: expect.closeTo(sum(q.map((p) => p * Math.log(10 * p))), 9),
  });
});

describe('the gradient, in float64 against central differences', () => {
  const chosen = Int32Array.of(3, 12);
  type Tensor = Session['adam']['tensors'][number];

  /** Compares the slopes that are steepest, and some others; all of a tensor's gradient may not vanish. */
  function compare(settings: Settings, session: Session, tensors: Tensor[]) {
    const { relaxation, straightThrough } = settings;
    const how = { source: key(5), temperature: 0.7, relaxation, straightThrough };
    const loss = () => sum(Object.values(session.objective.step(session.data.training, chosen, how))) / chosen.length;
    loss();
    const gradients = tensors.map(({ gradient }) => gradient.slice());
    tensors.forEach(({ value }, t) => {
      const gradient = gradients[t]!;
      const steepest = range(gradient.length).sort((i, j) => Math.abs(gradient[j]!) - Math.abs(gradient[i]!));
      const scale = Math.abs(gradient[steepest[0]!]!);
      expect(scale).toBeGreaterThan(1e-3);
      for (const i of [...steepest.slice(0, 3), ...steepest.filter((_, k) => k % 97 === 50).slice(0, 3)]) {
        const kept = value[i]!;
        const [above, below] = [1e-5, -1e-5].map((step) => {
          value[i] = kept + step;
          return loss();
        });
        value[i] = kept;
        expect(Math.abs((above! - below!) / 2e-5 - gradient[i]!)).toBeLessThan(1e-5 * scale);
      }
    });
  }

  test.each<Partial<Settings>>([
    {},
    { relaxation: 'weighted' },
    { relaxation: 'density' },
    { latents: 'binary' },
    { latents: 'binary', relaxation: 'weighted' },
    { latents: 'binary', relaxation: 'density' },
  ])('%j: of all parameters', (way) => {
    const session = new Session({ ...small, ...way }, data, Float64Array);
    compare({ ...small, ...way }, session, session.adam.tensors);
  });

  test('straight-through: that at the hard sample, which reaches the posterior through the relaxed one', () => {
    const way = { ...small, straightThrough: true };
    const session = new Session(way, data, Float64Array);
    const { vae, objective } = session;
    compare(way, session, [vae.decoder.weights, vae.decoder.bias, vae.likelihood.weights, vae.likelihood.bias]);

    const one = chosen.subarray(0, 1);
    const how = { source: key(5), temperature: 0.7, relaxation: way.relaxation, straightThrough: true };
    vae.posterior.bias.gradient.fill(0);
    const { reconstruction } = objective.step(data.training, one, how);
    const logits = Float64Array.from(vae.posteriorOf(vae.encode(data.training, one), 1));
    const y = gumbelSoftmax(key(5), logits, 10, { temperature: 0.7 });
    const z = hardmax(y, 10);
    const ink = data.training.ink.subarray(data.training.starts[one[0]!], data.training.starts[one[0]! + 1]);
    const loss = (rows: Float64Array) => {
      const pixels = vae.decode(rows, 1);
      return sum(pixels.map(softplus)) - sum(Array.from(ink, (pixel) => pixels[pixel]!));
    };
    expect(loss(z)).toBeCloseTo(reconstruction!, 9);
    const dz = z.map((_, i) => {
      const [above, below] = [1e-5, -1e-5].map((step) => loss(z.map((v, j) => (j === i ? v + step : v))));
      return (above! - below!) / 2e-5;
    });
    const ratio = softmax(logits, 10).map((q) => Math.log(10 * q));
    const wanted = gumbelSoftmax.vjp(y, dz, 10, { temperature: 0.7 });
    softmax.vjp(softmax(logits, 10), ratio, 10).forEach((d, i) => (wanted[i]! += d));
    const gradient = Array.from(vae.posterior.bias.gradient);
    expect(gradient).toEqual(Array.from(wanted, (d) => expect.closeTo(d, 6)));
    expect(Math.max(...gradient)).toBeGreaterThan(1e-3);
  });
});
