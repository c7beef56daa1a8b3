/**
 * Deep generative models of images with a class y, of which few are known. x is the image, z (and a) are Gaussian:
 *
 *     m2     p(z) p(y) p(x | y, z)                        q(y | x) q(z | x, y)
 *     adgm   p(z) p(y) p(x | y, z) p(a | x, y, z)         q(a | x) q(y | a, x) q(z | a, x, y)
 *     sdgm   p(z) p(y) p(a | y, z) p(x | a, y, z)         the same
 *
 * Source: Kingma, Rezende, Mohamed and Welling 2014 (M2); Maaloe, Sonderby, Sonderby and Winther 2016 (ADGM, SDGM).
 */
import { split } from 'anymax';
import { Network, recording, replaying } from './layers.mjs';
import { bernoulliLoss, gaussianKl, gaussianSample, standardKl } from './terms.mjs';
import { tf } from './tfjs.mjs';

/** @typedef {import('@tensorflow/tfjs').Tensor} Tensor */
/** @typedef {import('anymax').Key} Key */
/** @typedef {{ hidden: number, depth: number, latents: number, klWeight: number, pixels: number, classes: number }} Shape */

/** Which of x, a, y, z the networks of a model see. */
const SEES = {
  m2: { classify: ['x'], encode: ['x', 'y'], decode: ['y', 'z'] },
  adgm: { classify: ['x', 'a'], encode: ['x', 'a', 'y'], decode: ['y', 'z'], auxiliary: ['x', 'y', 'z'] },
  sdgm: { classify: ['x', 'a'], encode: ['x', 'a', 'y'], decode: ['a', 'y', 'z'], auxiliary: ['y', 'z'] },
};
/** @typedef {keyof typeof SEES} Kind */
export const MODELS = /** @type {Kind[]} */ (Object.keys(SEES));

export class Model {
  /** @param {Kind} kind @param {Shape} shape @param {import('./layers.mjs').Parameters} parameters @param {Key} source */
  constructor(kind, shape, parameters, source) {
    const { latents, klWeight, pixels, classes } = shape;
    const sees = SEES[kind];
    const widths = { x: pixels, a: latents, y: classes, z: latents };
    const gaussian = { mean: latents, logVariance: latents };
    const keys = split(source, 5);
    const network = (names, outputs, i) =>
      new Network(parameters, Object.fromEntries(names.map((name) => [name, widths[name]])), outputs, shape, keys[i]);
    this.klWeight = klWeight;
    this.classes = classes;
    this.classify = network(sees.classify, { logits: classes }, 0);
    this.encode = network(sees.encode, gaussian, 1);
    this.decode = network(sees.decode, { logits: pixels }, 2);
    if (sees.auxiliary) {
      this.infer = network(['x'], gaussian, 3);
      this.auxiliary = network(sees.auxiliary, gaussian, 4);
    }
  }

  /** The auxiliary variable a given x: its distribution and a sample; nothing in M2. @param {Tensor[]} p @param {Tensor} x @param {Key} source */
  auxiliaryOf(p, x, source) {
    if (!this.infer) return {};
    const q = this.infer.apply(p, { x });
    return { q, a: gaussianSample(q, source) };
  }

  /** The logits of q(y | x), or q(y | a, x). @param {Tensor[]} p @param {Tensor} x @param {Tensor} [a] @returns {Tensor} rows x classes */
  logitsOf(p, x, a) {
    return tf.squeeze(this.classify.apply(p, { x, a }).logits, [0]);
  }

  /**
   * The same with a at its mean, hidden values normalised by the moments of other images.
   * @param {Tensor[]} p @param {Tensor} x @param {Tensor} others @returns {Tensor}
   */
  read(p, x, others) {
    const read = (images, normalise) => {
      const a = this.infer?.apply(p, { x: images }, normalise).mean;
      return this.classify.apply(p, { x: images, a }, normalise).logits;
    };
    const moments = [];
    read(others, recording(moments));
    return tf.squeeze(read(x, replaying(moments)), [0]);
  }

  /**
   * The loss of each row at its class y: minus the lower bound of log p(x, y), the KL terms times their weight.
   * @param {Tensor[]} p @param {Tensor} x rows x pixels @param {Tensor | 'every'} y rows x classes, or every class for each row
   * @param {{ q?: any, a?: Tensor }} auxiliary of these rows @param {Key} source
   * @returns {Tensor} classes x rows, of which classes is 1 if y is given
   */
  loss(p, x, y, { q, a }, source) {
    const posterior = this.encode.apply(p, { x, a, y });
    const z = gaussianSample(posterior, source);
    let kl = standardKl(posterior);
    if (this.auxiliary) kl = tf.add(kl, gaussianKl(q, this.auxiliary.apply(p, { x, y, z })));
    const { logits } = this.decode.apply(p, { a, y, z });
    return tf.add(
      bernoulliLoss(logits, tf.expandDims(x, 0)),
      tf.add(tf.mul(kl, this.klWeight), Math.log(this.classes)),
    );
  }
}
