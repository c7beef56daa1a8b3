/**
 * Softmax regression on digits: p = softmax(W image + b), fitted by stochastic gradient descent with momentum on the
 * mean of -log p[label], whose gradient in the logits is p - y with y one-hot.
 *
 * Sums run in one order and `anymax` gives the same bits on every backend: the same seed gives the same weights.
 */
import { argmax, key, logSoftmax, random, softmax, split } from 'anymax';

export const CLASSES = 10;
const PIXELS = 784;
/** Where b begins in the weights: behind W. */
const BIAS = PIXELS * CLASSES;
const BATCH = 50;
const RATE = 0.05;
const MOMENTUM = 0.9;

/** @typedef {import('./idx.mjs').Digits} Digits */
/** @typedef {{ epoch: number, loss: number, heldOut: { loss: number, accuracy: number } }} Progress */

/**
 * The digits in random order, `size` of them held out: to judge by what was not learnt from.
 * @param {Digits} digits @param {number} size @param {number} seed
 * @returns {{ training: Digits, heldOut: Digits }}
 */
export function holdOut(digits, size, seed) {
  const order = permutation(digits.count, key(seed));
  return { training: pick(digits, order.subarray(size)), heldOut: pick(digits, order.subarray(0, size)) };
}

/** The digits of some rows. @param {Digits} digits @param {Int32Array} rows @returns {Digits} */
function pick({ images, labels, pixels }, rows) {
  const picked = new Float32Array(rows.length * pixels);
  rows.forEach((row, i) => picked.set(images.subarray(row * pixels, (row + 1) * pixels), i * pixels));
  return { images: picked, labels: rows.map((row) => labels[row]), count: rows.length, pixels };
}

/**
 * The weights after `epochs` passes over the training digits, each in a new random order; the learning rate falls
 * linearly to 0. `loss` of the progress is the mean over the epoch, each batch under the weights of its time.
 *
 * Shapes: weights W 10 x 784, row-major, then b 10.
 * @param {Digits} training @param {Digits} heldOut
 * @param {{ epochs: number, seed: number, onEpoch?: (progress: Progress) => void }} options
 * @returns {Float32Array}
 */
export function train(training, heldOut, { epochs, seed, onEpoch }) {
  const weights = new Float32Array(BIAS + CLASSES);
  const velocity = new Float32Array(weights.length);
  const steps = epochs * Math.ceil(training.count / BATCH);
  let step = 0;
  split(key(seed), epochs).forEach((source, epoch) => {
    const order = permutation(training.count, source);
    let loss = 0;
    for (let from = 0; from < order.length; from += BATCH) {
      const batch = pick(training, order.subarray(from, from + BATCH));
      const logits = logitsOf(weights, batch);
      loss += totalLoss(logits, batch.labels);
      const gradient = gradientOf(logits, batch);
      const rate = (RATE * (1 - step++ / steps)) / batch.count;
      for (let i = 0; i < weights.length; i++) {
        velocity[i] = MOMENTUM * velocity[i] - rate * gradient[i];
        weights[i] += velocity[i];
      }
    }
    onEpoch?.({ epoch: epoch + 1, loss: loss / training.count, heldOut: evaluate(weights, heldOut) });
  });
  return weights;
}

/**
 * The mean loss over digits, and the share of them whose greatest logit is that of the label.
 * @param {Float32Array} weights @param {Digits} digits
 */
export function evaluate(weights, digits) {
  const logits = logitsOf(weights, digits);
  const right = argmax(logits, CLASSES).filter((guess, row) => guess === digits.labels[row]);
  return { loss: totalLoss(logits, digits.labels) / digits.count, accuracy: right.length / digits.count };
}

/** W image + b, count x 10. @param {Float32Array} weights @param {Digits} digits */
export function logitsOf(weights, { images, count }) {
  const logits = new Float32Array(count * CLASSES);
  for (let row = 0; row < count; row++) {
    for (let c = 0; c < CLASSES; c++) {
      let sum = weights[BIAS + c];
      for (let i = 0; i < PIXELS; i++) sum += weights[c * PIXELS + i] * images[row * PIXELS + i];
      logits[row * CLASSES + c] = sum;
    }
  }
  return logits;
}

/** The sum of -log p[label]. @param {Float32Array} logits @param {Int32Array} labels */
function totalLoss(logits, labels) {
  const logP = logSoftmax(logits, CLASSES);
  return labels.reduce((sum, label, row) => sum - logP[row * CLASSES + label], 0);
}

/** The gradient of the total loss in the weights: (p - y)^T image. @param {Float32Array} logits @param {Digits} digits */
function gradientOf(logits, { images, labels, count }) {
  const gradient = new Float32Array(BIAS + CLASSES);
  const p = softmax(logits, CLASSES);
  for (let row = 0; row < count; row++) {
    for (let c = 0; c < CLASSES; c++) {
      const d = p[row * CLASSES + c] - (c === labels[row] ? 1 : 0);
      gradient[BIAS + c] += d;
      for (let i = 0; i < PIXELS; i++) gradient[c * PIXELS + i] += d * images[row * PIXELS + i];
    }
  }
  return gradient;
}

/** 0 .. count - 1 in random order: Fisher and Yates. @param {number} count @param {import('anymax').Source} source */
export function permutation(count, source) {
  const order = Int32Array.from({ length: count }, (_, i) => i);
  const u = random.uniform(source, count, { dtype: 'float64' });
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(u[i] * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}
