// lift() against tfjs's own softmax, and against finite differences in float64. The functions of those are the ops in
// float64, which other tests compare with oracles, and for the samplers the papers' formulas on the same noise.
import assert from 'node:assert/strict';
import {
  binConcreteLogProb,
  categorical,
  concreteLogProb,
  entmax,
  entmax15,
  expConcrete,
  expConcreteLogProb,
  gumbelSigmoid,
  gumbelSoftmax,
  hardmax,
  key,
  logitBinConcrete,
  logitBinConcreteLogProb,
  logSoftmax,
  logSumExp,
  random,
  Rng,
  semiSupervisedMarginal,
  softmax,
  sparsemax,
} from 'anymax';
import { lift } from 'anymax/tfjs';

const SHAPES = [[5], [3, 5], [2, 3, 5], [2, 1, 3, 5]];
const SOURCE = key(7);
const size = (shape) => shape.reduce((a, b) => a * b, 1);

/** Values in a range, the same each time. */
const values = (shape, seed, least = -2, most = 2) =>
  random.uniform(key(seed), size(shape)).map((u) => least + (most - least) * u);

/** Rows of the simplex. */
const simplex = (shape, seed) => softmax(values(shape, seed), shape.at(-1));

function near(actual, expected, within, what) {
  assert.equal(actual.length, expected.length, what);
  actual.forEach((v, i) => {
    const error = Math.abs(v - expected[i]);
    assert.ok(error <= within * Math.max(1, Math.abs(expected[i])), `${what}[${i}]: ${v}, expected ${expected[i]}`);
  });
}

/** The gradients of sum w f(tensors), and the value of f. */
function taped(tf, f, inputs, shape) {
  return tf.tidy(() => {
    const tensors = inputs.map((input) => tf.tensor(input, shape));
    const value = f(...tensors);
    const weights = tf.tensor(values(value.shape, 99), value.shape);
    const gradients = tf.grads((...xs) => tf.sum(tf.mul(f(...xs), weights)))(tensors);
    return {
      value: value.dataSync(),
      shape: value.shape,
      weights: weights.dataSync(),
      gradients: gradients.map((gradient) => gradient.dataSync()),
    };
  });
}

/** The same gradients by central differences of an f of float64 arrays. */
function differences(f, inputs, weights) {
  const doubles = inputs.map((input) => Float64Array.from(input));
  const at = (i, j, step) => {
    const moved = doubles.map((input) => input.slice());
    moved[i][j] += step;
    return f(...moved).reduce((sum, v, k) => sum + v * weights[k], 0);
  };
  const step = 1e-5;
  return doubles.map((input, i) => input.map((_, j) => (at(i, j, step) - at(i, j, -step)) / (2 * step)));
}

const N = 5;
const LABELS = Int32Array.of(4, 0, -1, 2, 3, -1);
const CLASSES = LABELS.map((label) => Math.max(label, 0));
const CASE_SHAPE = [2, 3, N];
const TARGET = simplex(CASE_SHAPE, 5);
const rowsOf = (f) => (x) =>
  Float64Array.from({ length: x.length }, (_, i) => f(x.subarray(i - (i % N), i - (i % N) + N))[i % N]);
const softmaxOf = (row) => {
  const e = row.map(Math.exp);
  const sum = e.reduce((a, b) => a + b);
  return e.map((v) => v / sum);
};

/** Perturbed by the noise that an op takes of SOURCE. */
const perturbed = (noise, x, temperature) => x.map((v, i) => (v + noise[i]) / temperature);
const gumbel = (x) => random.gumbel(SOURCE, x.length);
const logistic = (x) => random.logistic(SOURCE, x.length);
const sigmoid = (v) => 1 / (1 + Math.exp(-v));

/** name: lifted op, its inputs, the same function of float64 arrays. */
const cases = (tf) => {
  const temperature = 0.7;
  const t = { temperature };
  const x = values(CASE_SHAPE, 1);
  const y = simplex(CASE_SHAPE, 2);
  const logY = y.map(Math.log);
  const bits = values(CASE_SHAPE, 3, 0.1, 0.9);
  const of = (op, inputs, f, options = {}) => [lift(op, { tf, ...options }), inputs, f];
  const drawn = (op, f, options = {}) => {
    const lifted = lift(op, { tf, ...t, ...options });
    return [(logits) => lifted(SOURCE, logits), [x], f];
  };
  const lossOf = (max, target) => {
    const lifted = lift(max.loss, { tf });
    const asDouble = target instanceof Int32Array ? target : Float64Array.from(target);
    const tensor = () => (target instanceof Int32Array ? target : tf.tensor(target, CASE_SHAPE));
    return [(scores) => lifted(scores, tensor()), [x], (scores) => max.loss(scores, asDouble, N)];
  };
  return {
    ...Object.fromEntries(
      [softmax, entmax15, sparsemax, entmax(1.3)].map((max) => [
        `max of alpha ${max.alpha}`,
        of(max, [x], (scores) => max(scores, N, t), t),
      ]),
    ),
    logSoftmax: of(logSoftmax, [x], (scores) => logSoftmax(scores, N, t), t),
    logSumExp: of(logSumExp, [x], (scores) => logSumExp(scores, N, t), t),
    'softmax.entropy': of(softmax.entropy, [y], (p) => softmax.entropy(p, N)),
    'entmax15.entropy': of(entmax15.entropy, [y], (p) => entmax15.entropy(p, N)),
    'softmax.loss at classes': lossOf(softmax, CLASSES),
    'softmax.loss at distributions': lossOf(softmax, TARGET),
    'entmax15.loss at classes': lossOf(entmax15, CLASSES),
    'entmax(1.3).loss at distributions': lossOf(entmax(1.3), TARGET),
    gumbelSoftmax: drawn(gumbelSoftmax, (logits) => rowsOf(softmaxOf)(perturbed(gumbel(x), logits, temperature))),
    'gumbelSoftmax by entmax15': drawn(
      gumbelSoftmax,
      (logits) => entmax15(Float64Array.from(perturbed(gumbel(x), logits, 1)), N, t),
      { max: entmax15 },
    ),
    expConcrete: drawn(expConcrete, (logits) =>
      rowsOf((row) => softmaxOf(row).map(Math.log))(perturbed(gumbel(x), logits, temperature)),
    ),
    gumbelSigmoid: drawn(gumbelSigmoid, (logits) => perturbed(logistic(x), logits, temperature).map(sigmoid)),
    logitBinConcrete: drawn(logitBinConcrete, (logits) => perturbed(logistic(x), logits, temperature)),
    concreteLogProb: of(concreteLogProb, [y, x], (a, b) => concreteLogProb(a, b, N, t), t),
    expConcreteLogProb: of(expConcreteLogProb, [logY, x], (a, b) => expConcreteLogProb(a, b, N, t), t),
    binConcreteLogProb: of(binConcreteLogProb, [bits, x], (a, b) => binConcreteLogProb(a, b, t), t),
    logitBinConcreteLogProb: of(logitBinConcreteLogProb, [x, y], (a, b) => logitBinConcreteLogProb(a, b, t), t),
    semiSupervisedMarginal: [
      (losses, logits) => lift(semiSupervisedMarginal, { tf, weight: 3 })(losses, logits, LABELS),
      [x, values(CASE_SHAPE, 4)],
      (losses, logits) => semiSupervisedMarginal(losses, logits, LABELS, N, { weight: 3 }),
    ],
  };
};

/** What an assertion says, and that it is of the class. */
const throws = (make, type, message) =>
  assert.throws(make, (error) => error instanceof type && message.test(error.message));

/** Each a check of lift() on the backend that tfjs has now; it gives a few words. */
export const CHECKS = {
  'softmax and log-softmax are those of tfjs'(tf) {
    for (const shape of SHAPES) {
      for (const temperature of [1, 0.5]) {
        const x = [values(shape, shape.length)];
        const pairs = [
          [lift(softmax, { tf, temperature }), (v) => tf.softmax(tf.div(v, temperature))],
          [lift(logSoftmax, { tf, temperature, axis: -1 }), (v) => tf.logSoftmax(tf.div(v, temperature))],
        ];
        for (const [ours, theirs] of pairs) {
          const [a, b] = [taped(tf, ours, x, shape), taped(tf, theirs, x, shape)];
          assert.deepEqual(a.shape, b.shape);
          near(a.value, b.value, 2e-6, `value of ${shape}`);
          near(a.gradients[0], b.gradients[0], 2e-6, `gradient of ${shape}`);
        }
      }
    }
    return `ranks 1 to ${SHAPES.length}`;
  },

  "the loss at classes is tfjs's cross-entropy"(tf) {
    const shape = [6, N];
    const target = tf.tensor1d(CLASSES, 'int32');
    const oneHot = tf.oneHot(target, N);
    const x = [values(shape, 8)];
    const ours = taped(tf, (v) => lift(softmax.loss, { tf })(v, target), x, shape);
    const theirs = taped(tf, (v) => tf.neg(tf.sum(tf.mul(oneHot, tf.logSoftmax(v)), -1)), x, shape);
    near(ours.value, theirs.value, 2e-6, 'value');
    near(ours.gradients[0], theirs.gradients[0], 2e-6, 'gradient');
    tf.dispose([target, oneHot]);
    return 'values and gradients';
  },

  'gradients are those of finite differences'(tf) {
    const all = Object.entries(cases(tf));
    for (const [name, [lifted, inputs, f]] of all) {
      const { value, weights, gradients, shape } = taped(tf, lifted, inputs, CASE_SHAPE);
      const expected = f(...inputs.map((input) => Float64Array.from(input)));
      near(value, expected, 1e-5, name);
      assert.deepEqual(shape, value.length === size(CASE_SHAPE) ? CASE_SHAPE : CASE_SHAPE.slice(0, -1));
      differences(f, inputs, weights).forEach((slopes, i) =>
        near(gradients[i], slopes, 1e-4, `${name}, gradient of input ${i}`),
      );
    }
    return `${all.length} ops`;
  },

  'hardmax passes the gradient on: straight-through'(tf) {
    const shape = [3, N];
    const { value, weights, gradients } = taped(tf, lift(hardmax, { tf }), [values(shape, 9)], shape);
    assert.deepEqual(value, hardmax(values(shape, 9), N));
    assert.deepEqual(gradients[0], weights);
    return 'one-hot';
  },

  'elements may be of any rank, rows may be none'(tf) {
    const scalar = taped(tf, (v) => lift(gumbelSigmoid, { tf })(SOURCE, v), [Float32Array.of(0.3)], []);
    assert.deepEqual(scalar.shape, []);
    assert.deepEqual(scalar.value, gumbelSigmoid(SOURCE, Float32Array.of(0.3)));
    assert.deepEqual(lift(softmax, { tf })(tf.zeros([0, 4])).shape, [0, 4]);
    return 'rank 0, no rows';
  },

  'a source is a key or an Rng, which gives one key per call'(tf) {
    const x = values([4, N], 10);
    const tensor = tf.tensor(x, [4, N]);
    const sample = lift(gumbelSoftmax, { tf, temperature: 0.5 });
    const [rng, same] = [new Rng(3), new Rng(3)];
    for (let i = 0; i < 3; i++) {
      const y = sample(rng, tensor);
      assert.deepEqual(y.dataSync(), gumbelSoftmax(same, x, N, { temperature: 0.5 }));
      y.dispose();
    }
    tf.grad((v) => tf.sum(sample(rng, v)))(tensor).dispose();
    same.next();
    assert.deepEqual(rng.state, same.state);
    tensor.dispose();
    return 'the bits of the op';
  },

  'no tensor is left behind'(tf) {
    const step = () =>
      tf.tidy(() => {
        for (const [lifted, inputs] of Object.values(cases(tf))) taped(tf, lifted, inputs, CASE_SHAPE);
      });
    step();
    const before = tf.memory();
    for (let i = 0; i < 3; i++) step();
    const x = tf.zeros([2, N]);
    lift(softmax, { tf })(x).dispose();
    tf.valueAndGrad((v) => tf.sum(lift(softmax, { tf })(v)))(x).grad.dispose();
    x.dispose();
    const after = tf.memory();
    // the value of valueAndGrad
    assert.equal(after.numTensors - before.numTensors, 1);
    return `${after.numTensors} tensors`;
  },

  'a variable learns through it'(tf) {
    const before = tf.memory().numTensors;
    const logits = tf.variable(tf.zeros([1, 3]));
    const optimizer = tf.train.sgd(1);
    const rng = new Rng(1);
    const sample = lift(gumbelSoftmax, { tf, temperature: 0.5 });
    for (let i = 0; i < 200; i++) {
      tf.tidy(() => optimizer.minimize(() => tf.sum(tf.mul(sample(rng, logits), [[1, 0, 2]]))));
    }
    assert.deepEqual([...tf.tidy(() => tf.argMax(logits, -1).dataSync())], [1]);
    logits.dispose();
    optimizer.dispose();
    assert.ok(tf.memory().numTensors - before <= 1, 'tensors are left'); // zeros() that the variable was made of
    return 'the cheapest class';
  },

  'what it cannot serve is refused by name'(tf) {
    const x = tf.zeros([2, 3]);
    const ints = tf.zeros([2, 3], 'int32');
    const ofSoftmax = lift(softmax, { tf });
    throws(() => lift(softmax, {}), TypeError, /^tf must be tfjs, .*got undefined$/);
    throws(() => lift(softmax, { tf: { tensor() {} } }), TypeError, /^tf must be tfjs/);
    throws(() => lift(softmax), TypeError, /^tf must be tfjs, .*got undefined$/);
    throws(() => lift(categorical, { tf }), TypeError, /^op must be a function .*got a function$/);
    throws(() => lift(Math.exp, { tf }), TypeError, /^op must be .*got the function exp$/);
    throws(() => lift('softmax', { tf }), TypeError, /^op must be .*got "softmax"$/);
    throws(() => lift(softmax, { tf, tau: 1 }), TypeError, /unknown name 'tau'/);
    throws(() => lift(softmax, { tf, out: new Float32Array(6) }), TypeError, /^options: 'out'/);
    throws(() => lift(softmax, { tf, temperature: -1 }), RangeError, /^temperature/);
    throws(() => lift(concreteLogProb, { tf, temperature: 0 }), RangeError, /^temperature/);
    throws(() => lift(gumbelSoftmax, { tf, max: Math.max }), TypeError, /^max/);
    throws(() => ofSoftmax(ints), TypeError, /^x must be a float32 tensor, got one of int32$/);
    throws(() => ofSoftmax(tf.zeros([2, 3], 'bool')), TypeError, /^x must be .* bool$/);
    throws(() => ofSoftmax(new Float32Array(3)), TypeError, /^x must be a float32 tensor, got Float32Array$/);
    throws(() => ofSoftmax(), TypeError, /^x must be a float32 tensor, got undefined$/);
    throws(() => ofSoftmax(tf.scalar(1)), RangeError, /^x must have at least one axis/);
    throws(() => ofSoftmax(tf.zeros([3, 0])), RangeError, /^x must have classes .*\[3, 0\]$/);
    for (const axis of [0, -2, 2, 0.5]) {
      throws(
        () => lift(softmax, { tf, axis })(x),
        RangeError,
        /^axis must be the last one, -1 or 1 for shape \[2, 3\]/,
      );
    }
    throws(() => lift(softmax, { tf, axis: 'x' })(x), TypeError, /^axis must be a number, got "x"$/);
    throws(() => lift(gumbelSoftmax, { tf })(x), TypeError, /^logits must be a float32 tensor, got undefined$/);
    throws(() => lift(gumbelSoftmax, { tf })(1, x), TypeError, /^source/);
    throws(
      () => lift(expConcreteLogProb, { tf })(x, tf.zeros([3, 2])),
      RangeError,
      /^logits has shape \[3, 2\], expected \[2, 3\]$/,
    );
    throws(() => lift(softmax.loss, { tf })(x, ints), RangeError, /^target has shape \[2, 3\], expected \[2\]$/);
    throws(
      () => lift(softmax.loss, { tf })(x, tf.zeros([2])),
      RangeError,
      /^target has shape \[2\], expected \[2, 3\]$/,
    );
    throws(() => lift(softmax.loss, { tf })(x, new Int32Array(3)), RangeError, /^target has length 3, expected 2$/);
    throws(
      () => lift(semiSupervisedMarginal, { tf })(x, x, x),
      TypeError,
      /^labels must be a int32 tensor|^labels must be an int32/,
    );
    return 'TypeError and RangeError';
  },

  'a second derivative is an error, not 0'(tf) {
    const x = tf.tensor([1, 2, 3]);
    const first = tf.grad((v) => tf.sum(tf.square(lift(softmax, { tf })(v))));
    throws(() => tf.grad((v) => tf.sum(first(v)))(x), Error, /has no gradient: derivatives are of the first order/);
    x.dispose();
    return 'Error';
  },

  async 'a backend that cannot be read at once is named, with what to do'(tf) {
    const backend = tf.getBackend();
    class Late extends tf.KernelBackend {
      write = () => ({});
      disposeData = () => true;
      numDataIds = () => 0;
      dispose = () => {};
      floatPrecision = () => 32;
      readSync() {
        throw new Error('only read() is there');
      }
    }
    tf.registerBackend('late', () => new Late());
    try {
      await tf.setBackend('late');
      const x = tf.tensor([1, 2, 3]);
      throws(
        () => lift(softmax, { tf })(x),
        Error,
        /^x cannot be read synchronously from the backend 'late' of tfjs: choose .*tf\.setBackend.*await its data\(\)/,
      );
    } finally {
      await tf.setBackend(backend);
      tf.removeBackend('late');
    }
    return 'Error';
  },
};
