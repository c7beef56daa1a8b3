import { foldIn } from 'anymax';
import { range, total } from './rows.mjs';

/** @typedef {import('./model.mjs').Vae} Vae */
/** @typedef {import('./model.mjs').Sampling} Sampling */
/** @typedef {import('./data.mjs').Images} Images */

/** Images at a time where nothing is learnt. */
export const CHUNK = 100;

/** Learning without labels: less negative ELBO. */
export class Elbo {
  /** @param {Vae} vae */
  constructor(vae) {
    this.vae = vae;
  }

  /**
   * Adds the gradient of the mean over some images, and gives the sum of each term over them.
   * @param {Images} images @param {Int32Array} chosen @param {Sampling} sampling
   * @returns {Record<string, number>}
   */
  step(images, chosen, sampling) {
    const { vae } = this;
    const { reconstruction, kl } = vae.bound(vae.encode(images, chosen), images, chosen, sampling);
    const dh = vae.boundBackward(new Float64Array(chosen.length).fill(1 / chosen.length));
    vae.encodeBackward(images, chosen, dh);
    return { reconstruction: total(reconstruction), KL: total(kl) };
  }

  /**
   * The mean of each term over images that are not learnt from, as the discrete model has them whatever was relaxed in
   * training: `samples` hard samples an image, the analytic KL.
   * @param {Images} images @param {import('anymax').Key} source @param {number} samples
   * @returns {Record<string, number>}
   */
  evaluate(images, source, samples) {
    const sums = { reconstruction: 0, kl: 0 };
    const all = range(images.count);
    for (let from = 0; from < images.count; from += CHUNK) {
      const chosen = all.subarray(from, from + CHUNK);
      const h = this.vae.encode(images, chosen);
      for (let s = 0; s < samples; s++) {
        const key = foldIn(source, from * samples + s);
        const terms = this.vae.bound(h, images, chosen, { source: key, temperature: 0, relaxation: 'analytic' });
        sums.reconstruction += total(terms.reconstruction) / samples;
        sums.kl += total(terms.kl) / samples;
      }
    }
    const [reconstruction, kl] = [sums.reconstruction / images.count, sums.kl / images.count];
    return { 'test -ELBO': reconstruction + kl, reconstruction, KL: kl };
  }
}
