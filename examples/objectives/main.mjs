// node examples/objectives/main.mjs, after npm run build: what a step of the semi-supervised objective costs with the class
// marginalised and with the class sampled by Gumbel-Softmax, as classes grow. Without labels, forward and backward to the
// logits. The model is small: one hidden layer from the class to what is observed.
import { gumbelSoftmax, key, random, semiSupervisedMarginal, semiSupervisedSampled } from 'anymax';

const [ROWS, HIDDEN, OBSERVED] = [8, 32, 784]; // a digit has 784 pixels
const TEMPERATURE = 0.5;
const ROUNDS = 5;

/** A decoder p(x | y): x is normal around V tanh(U y); its weights are random. */
function decoder(n) {
  const [u, v, x] = [HIDDEN * n, OBSERVED * HIDDEN, ROWS * OBSERVED].map((length, i) => random.normal(key(i), length));
  const [hidden, slope] = [new Float32Array(HIDDEN), new Float32Array(HIDDEN)];

  /** The loss of row r from the hidden layer's sums, which become its values; `slope` is its gradient for the sums. */
  function lossOf(r) {
    let loss = 0;
    for (let j = 0; j < HIDDEN; j++) hidden[j] = Math.tanh(hidden[j]);
    slope.fill(0);
    for (let o = 0; o < OBSERVED; o++) {
      let d = -x[r * OBSERVED + o];
      for (let j = 0; j < HIDDEN; j++) d += v[o * HIDDEN + j] * hidden[j];
      loss += (d * d) / 2;
      for (let j = 0; j < HIDDEN; j++) slope[j] += v[o * HIDDEN + j] * d;
    }
    for (let j = 0; j < HIDDEN; j++) slope[j] *= 1 - hidden[j] * hidden[j];
    return loss;
  }

  return {
    /** The loss of row r of class k. */
    ofClass(r, k) {
      for (let j = 0; j < HIDDEN; j++) hidden[j] = u[k * HIDDEN + j];
      return lossOf(r);
    },
    /** The loss of row r at the relaxed class y, whose gradient it writes to dy. */
    ofSample(r, y, dy) {
      hidden.fill(0);
      for (let k = 0; k < n; k++) for (let j = 0; j < HIDDEN; j++) hidden[j] += u[k * HIDDEN + j] * y[k];
      const loss = lossOf(r);
      for (let k = 0; k < n; k++) {
        dy[k] = 0;
        for (let j = 0; j < HIDDEN; j++) dy[k] += u[k * HIDDEN + j] * slope[j];
      }
      return loss;
    },
  };
}

const ones = new Float32Array(ROWS).fill(1);
const labels = new Int32Array(ROWS).fill(-1);

/** A step each: the caller's losses, the objective, its gradient for the logits. */
function steps(n) {
  const model = decoder(n);
  const logits = random.normal(key('logits'), ROWS * n);
  const losses = new Float32Array(ROWS * n),
    loss = new Float32Array(ROWS),
    dy = new Float32Array(ROWS * n);
  return {
    marginal() {
      for (let i = 0; i < ROWS * n; i++) losses[i] = model.ofClass(Math.floor(i / n), i % n);
      semiSupervisedMarginal(losses, logits, labels, n);
      return semiSupervisedMarginal.vjp(losses, logits, labels, ones, n).logits;
    },
    sampled() {
      const y = gumbelSoftmax(key('class'), logits, n, { temperature: TEMPERATURE });
      for (let r = 0; r < ROWS; r++) {
        loss[r] = model.ofSample(r, y.subarray(r * n, (r + 1) * n), dy.subarray(r * n, (r + 1) * n));
      }
      semiSupervisedSampled(loss, logits, labels, n);
      return semiSupervisedSampled.vjp(y, dy, logits, labels, ones, n, { temperature: TEMPERATURE }).logits;
    },
  };
}

/** The median of milliseconds, after one round that is not counted. */
function time(step) {
  const times = Array.from({ length: ROUNDS + 1 }, () => {
    const start = performance.now();
    if (!step().every(Number.isFinite)) throw new Error('the gradient is not finite');
    return performance.now() - start;
  }).slice(1);
  return times.sort((a, b) => a - b)[ROUNDS >> 1];
}

console.log(`a step of ${ROWS} rows without labels, ms, median of ${ROUNDS}`);
console.log('classes  marginalised  sampled  times');
for (const n of [10, 100, 1000]) {
  const { marginal, sampled } = steps(n);
  const [a, b] = [time(marginal), time(sampled)];
  const cells = [String(n).padStart(7), a.toFixed(2).padStart(12), b.toFixed(2).padStart(7), `${(a / b).toFixed(1)}x`];
  console.log(cells.join('  '));
}
