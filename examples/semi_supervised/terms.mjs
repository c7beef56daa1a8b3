/** Terms of the evidence lower bound, one value per row, with gradients that cost less than those of a tape. */
import { random } from 'anymax';
import { tf } from './tfjs.mjs';

/** @typedef {import('@tensorflow/tfjs').Tensor} Tensor */
/** @typedef {{ mean: Tensor, logVariance: Tensor }} Gaussian */

/** -log p(x | logits) of binary pixels: sum softplus(l) - x l. The gradient in the logits is sigmoid(l) - x. */
export function bernoulliLoss(logits, x) {
  return tf.customGrad((l, save) => {
    save([l, x]);
    // softplus(l) = relu(l) - log sigmoid(|l|), whose sigmoid is never 0
    const softplus = tf.sub(tf.relu(l), tf.log(tf.sigmoid(tf.abs(l))));
    return {
      value: tf.sum(tf.sub(softplus, tf.mul(x, l)), -1),
      gradFunc: (d, [saved, ink]) => tf.mul(tf.sub(tf.sigmoid(saved), ink), tf.expandDims(d, -1)),
    };
  })(logits);
}

/** A sample, and its gradient: mean + exp(logVariance / 2) noise. @param {Gaussian} gaussian @param {import('anymax').Source} source */
export function gaussianSample({ mean, logVariance }, source) {
  const noise = tf.tensor(random.normal(source, mean.size), mean.shape);
  return tf.add(mean, tf.mul(tf.exp(tf.mul(logVariance, 0.5)), noise));
}

/** KL(q || N(0, 1)). @param {Gaussian} q @returns {Tensor} */
export function standardKl({ mean, logVariance }) {
  const terms = tf.sub(tf.add(tf.square(mean), tf.exp(logVariance)), tf.add(logVariance, 1));
  return tf.mul(tf.sum(terms, -1), 0.5);
}

/** KL(q || p) of two Gaussians. @param {Gaussian} q @param {Gaussian} p @returns {Tensor} */
export function gaussianKl(q, p) {
  const square = tf.add(tf.square(tf.sub(q.mean, p.mean)), tf.exp(q.logVariance));
  const terms = tf.sub(tf.mul(square, tf.exp(tf.neg(p.logVariance))), tf.add(tf.sub(q.logVariance, p.logVariance), 1));
  return tf.mul(tf.sum(terms, -1), 0.5);
}
