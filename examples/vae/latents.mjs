/**
 * Discrete latents under a uniform prior: how they are sampled, and their KL term in the three relaxations of Maddison,
 * Mnih and Teh 2017, appendix C.2. With q the posterior, p the prior and y a relaxed sample of q, over the classes k:
 *
 *     analytic   sum_k q_k log(q_k / p_k)
 *     weighted   sum_k y_k log(q_k / p_k)
 *     density    log q(y) - log p(y), of the relaxed distributions: the only one that gives a lower bound, of the
 *                likelihood of the relaxed model
 */
import {
  expConcrete,
  expConcreteLogProb,
  gumbelSigmoid,
  gumbelSoftmax,
  hardmax,
  logitBinConcreteLogProb,
  logSoftmax,
  logSumExp,
  random,
  softmax,
} from 'anymax';
import { logistic } from './bernoulli.mjs';

/** @typedef {import('./product.mjs').Floats} Floats */
/** @typedef {import('anymax').Key} Key */

/** @typedef {'analytic' | 'weighted' | 'density'} Relaxation */
export const RELAXATIONS = /** @type {Relaxation[]} */ (['analytic', 'weighted', 'density']);

/**
 * A KL term: one value a latent, and its gradients in the logits and, where y takes part, in y. The sample of `density` is
 * taken in log space, so its gradient has gone on to the logits already.
 * @typedef {{ value: Floats, logits: Floats, y?: Floats }} Kl
 */

/**
 * `width` numbers an image. `kl` wants the key and the temperature that y was sampled with.
 * @typedef {object} Latents
 * @property {number} width
 * @property {(source: Key, logits: Floats, temperature: number) => Floats} sample relaxed, or hard at temperature 0
 * @property {(y: Floats) => Floats} harden
 * @property {(y: Floats, dy: Floats, temperature: number) => Floats} sampleVjp the gradient in the logits
 * @property {Record<Relaxation, (logits: Floats, y: Floats, source: Key, temperature: number) => Kl>} kl
 */

/** The prior's temperature in `density` over the posterior's. The paper has 2/5 and 2/3 for 8 classes, 1/2 and 2/3 for bits. */
const PRIOR_TEMPERATURE = { categorical: 3 / 5, binary: 3 / 4 };

/** `count` latents of n classes. @param {number} count @param {number} n @returns {Latents} */
export function categorical(count, n) {
  const logN = logSumExp(new Float64Array(n), n)[0];
  const logRatio = (logits) => logSoftmax(logits, n).map((logQ) => logQ + logN);
  return {
    width: count * n,
    sample: (source, logits, temperature) => gumbelSoftmax(source, logits, n, { temperature }),
    harden: (y) => hardmax(y, n),
    sampleVjp: (y, dy, temperature) => gumbelSoftmax.vjp(y, dy, n, { temperature }),
    kl: {
      analytic(logits) {
        const ratio = logRatio(logits);
        const q = softmax(logits, n);
        return { value: dots(q, ratio, n), logits: softmax.vjp(q, ratio, n) };
      },
      weighted(logits, y) {
        const ratio = logRatio(logits);
        const q = softmax(logits, n);
        return { value: dots(y, ratio, n), logits: y.map((v, i) => v - q[i]), y: ratio };
      },
      density(logits, _y, source, temperature) {
        const logY = expConcrete(source, logits, n, { temperature });
        // A gradient of the density sums to 0 over logY, so that log softmax lets it through: d logits = d logY / T.
        return densityKl(temperature, PRIOR_TEMPERATURE.categorical, logits, (a, t, ones) => ({
          value: expConcreteLogProb(logY, a, n, { temperature: t }),
          gradient: expConcreteLogProb.vjp(logY, a, ones.subarray(0, a.length / n), n, { temperature: t }),
          sample: 'logY',
        }));
      },
    },
  };
}

/** `count` latents of one bit. @param {number} count @returns {Latents} */
export function binary(count) {
  return {
    width: count,
    sample: (source, logits, temperature) => gumbelSigmoid(source, logits, { temperature }),
    harden: (y) => y.map((v) => (v > 0.5 ? 1 : 0)),
    sampleVjp: (y, dy, temperature) => y.map((v, i) => (dy[i] * v * (1 - v)) / temperature),
    kl: {
      analytic(logits) {
        const { softplus, sigmoid } = logistic(logits);
        return {
          value: logits.map((a, i) => sigmoid[i] * a - softplus[i] + Math.LN2),
          logits: logits.map((a, i) => a * sigmoid[i] * (1 - sigmoid[i])),
        };
      },
      weighted(logits, y) {
        const { softplus, sigmoid } = logistic(logits);
        return {
          value: logits.map((a, i) => y[i] * a - softplus[i] + Math.LN2),
          logits: y.map((v, i) => v - sigmoid[i]),
          y: logits,
        };
      },
      density(logits, _y, source, temperature) {
        const z = random.logistic(source, logits.slice()).map((noise, i) => (logits[i] + noise) / temperature);
        return densityKl(temperature, PRIOR_TEMPERATURE.binary, logits, (a, t, ones) => ({
          value: logitBinConcreteLogProb(z, a, { temperature: t }),
          gradient: logitBinConcreteLogProb.vjp(z, a, ones, { temperature: t }),
          sample: 'z',
        }));
      },
    },
  };
}

/** The density of the posterior under its temperature less that of the prior under its own. @returns {Kl} */
function densityKl(temperature, ratio, logits, density) {
  const ones = logits.slice().fill(1);
  const q = density(logits, temperature, ones);
  const p = density(logits.slice().fill(0), ratio * temperature, ones);
  const [dq, dp] = [q.gradient[q.sample], p.gradient[p.sample]];
  return {
    value: q.value.map((v, i) => v - p.value[i]),
    logits: q.gradient.logits.map((d, i) => d + (dq[i] - dp[i]) / temperature),
  };
}

/** The scalar product of each row of n. @param {Floats} a @param {Floats} b @param {number} n @returns {Floats} */
function dots(a, b, n) {
  const sums = a.slice(0, a.length / n).fill(0);
  for (let r = 0, i = 0; r < sums.length; r++) {
    let sum = 0;
    for (let k = 0; k < n; k++, i++) sum += a[i] * b[i];
    sums[r] = sum;
  }
  return sums;
}
