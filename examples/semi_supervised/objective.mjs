/** What is learnt from: rows without a label, whose class is marginalised or sampled, and rows with one. */
import { gumbelSoftmax, hardmax, semiSupervisedMarginal, split } from 'anymax';
import { lift } from 'anymax/tfjs';
import { tf } from './tfjs.mjs';

/** @typedef {import('@tensorflow/tfjs').Tensor} Tensor */
/** @typedef {import('./model.mjs').Model} Model */
/** @typedef {'marginalised' | 'sampled' | 'straight-through'} Unknown */
export const UNKNOWN = /** @type {Unknown[]} */ (['sampled', 'marginalised', 'straight-through']);

/**
 * A batch: `free` rows without a label, then those of `labels`.
 * @typedef {{ x: Float32Array, free: number, labels: Int32Array }} Batch
 */

/**
 * The mean loss of the rows without a label, plus that of the labelled ones, plus `weight` times their mean cross-entropy:
 *
 *     marginalised       sum_k q_k (loss_k + log q_k)           q = q(y | x), loss_k the model's at class k
 *     sampled            loss_y + sum_k q_k log q_k             y a Gumbel-Softmax sample of q
 *     straight-through   the same at the class that y is nearest to, with the gradient of y
 *
 * @param {Model} model @param {Tensor[]} p @param {Batch} batch
 * @param {{ unknown: Unknown, temperature: number, weight: number, source: import('anymax').Key }} how
 * @returns {Tensor} a scalar
 */
export function objective(model, p, { x, free, labels }, { unknown, temperature, weight, source }) {
  const n = model.classes;
  const known = labels.length;
  const [auxiliarySource, classSource, freeSource, knownSource] = split(source, 4);
  const images = tf.tensor(x, [free + known, x.length / (free + known)]);
  const auxiliary = model.auxiliaryOf(p, images, auxiliarySource);
  const logits = model.logitsOf(p, images, auxiliary.a && tf.squeeze(auxiliary.a, [0]));
  const freeLogits = rowsOf(logits, 0, free);
  const oneHot = new Float32Array(known * n);
  labels.forEach((label, r) => (oneHot[r * n + label] = 1));
  const targets = tf.tensor(oneHot, [known, n]);

  const none = new Int32Array(free).fill(-1);
  const bound = lift(semiSupervisedMarginal, { tf, weight });
  const knownPart = (losses) =>
    tf.mean(bound(tf.mul(targets, tf.expandDims(losses, 1)), rowsOf(logits, free, known), labels));
  if (unknown === 'marginalised') {
    const [freeX, knownX] = [rowsOf(images, 0, free), rowsOf(images, free, known)];
    const losses = model.loss(p, freeX, 'every', part(auxiliary, 0, free), freeSource);
    const knownLosses = model.loss(p, knownX, targets, part(auxiliary, free, known), knownSource);
    const freePart = tf.mean(bound(tf.transpose(losses), freeLogits, none));
    return tf.add(freePart, knownPart(tf.squeeze(knownLosses, [0])));
  }
  const relaxed = lift(gumbelSoftmax, { tf, temperature })(classSource, freeLogits);
  const y = unknown === 'sampled' ? relaxed : lift(hardmax, { tf })(relaxed);
  const losses = tf.squeeze(model.loss(p, images, tf.concat([y, targets]), auxiliary, freeSource), [0]);
  // of no losses the marginalised bound is minus the entropy of q
  const entropies = bound(tf.zeros([free, n]), freeLogits, none);
  return tf.add(tf.mean(tf.add(rowsOf(losses, 0, free), entropies)), knownPart(rowsOf(losses, free, known)));
}

/**
 * The loss of a batch, and its gradient as that of the parameters. No tensor is left behind.
 * @param {Model} model @param {import('./layers.mjs').Parameters} parameters @param {Batch} batch
 * @param {Parameters<typeof objective>[3]} how
 */
export function learn(model, parameters, batch, how) {
  return tf.tidy(() => {
    const { value, grads } = tf.valueAndGrads((...p) => objective(model, p, batch, how))(parameters.tensors());
    parameters.setGradients(grads);
    return value.dataSync()[0];
  });
}

/** Rows `from` to `from + count` of a matrix or a vector. @param {Tensor} x @param {number} from @param {number} count */
const rowsOf = (x, from, count) => tf.slice(x, from, count);

/** Those of an auxiliary variable, [1, rows, width]. */
function part({ q, a }, from, count) {
  const rows = (x) => tf.slice(x, [0, from, 0], [-1, count, -1]);
  return a ? { q: { mean: rows(q.mean), logVariance: rows(q.logVariance) }, a: rows(a) } : {};
}
