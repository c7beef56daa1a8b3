/**
 * The variational autoencoder pixels -> hidden -> latents -> hidden -> pixels, its gradient written out.
 */
import { split } from 'anymax';
import { logistic } from './bernoulli.mjs';
import { Dense, InkLayer, relu, reluBackward } from './dense.mjs';
import { addScaled, rowSums, scale } from './rows.mjs';

/** @typedef {import('./product.mjs').Floats} Floats */
/** @typedef {import('./data.mjs').Images} Images */
/** @typedef {import('./latents.mjs').Latents} Latents */
/** @typedef {import('anymax').Key} Key */

/**
 * How latents are sampled; temperature 0 gives hard samples, without a gradient; `straightThrough` hard ones with the
 * gradient of relaxed ones.
 * @typedef {object} Sampling
 * @property {Key} source
 * @property {number} temperature
 * @property {import('./latents.mjs').Relaxation} relaxation of the KL term
 * @property {boolean} [straightThrough]
 */

export class Vae {
  /**
   * @param {import('./adam.mjs').Adam} adam @param {Key} source of the weights
   * @param {{ pixels: number, hidden: number, latents: Latents }} shape
   */
  constructor(adam, source, { pixels, hidden, latents }) {
    const keys = split(source, 4);
    this.Floats = adam.Floats;
    this.latents = latents;
    this.encoder = new InkLayer(adam, pixels, hidden, keys[0]);
    this.posterior = new Dense(adam, hidden, latents.width, keys[1]);
    this.decoder = new Dense(adam, latents.width, hidden, keys[2]);
    this.likelihood = new Dense(adam, hidden, pixels, keys[3]);
    this.room = {};
  }

  /** An array that is kept under its name from step to step. @param {string} name @param {number} length @returns {Floats} */
  take(name, length) {
    if (!(this.room[name]?.length >= length)) this.room[name] = new this.Floats(length);
    return this.room[name].subarray(0, length);
  }

  /** The hidden values of some images. @param {Images} images @param {Int32Array} chosen @returns {Floats} */
  encode(images, chosen) {
    const h = this.take('h', chosen.length * this.encoder.outputs);
    this.encoder.forward(images, chosen, h);
    relu(h);
    return h;
  }

  /** From the gradient in the hidden values, which it overwrites. @param {Images} images @param {Int32Array} chosen */
  encodeBackward(images, chosen, dh) {
    reluBackward(this.room.h, dh);
    this.encoder.backward(images, chosen, dh);
  }

  /**
   * The terms of the negative ELBO, row by row, with one sample of the latents: -log p(image | latents) and KL.
   *
   * Shapes: code rows x hidden, targets the image of each row.
   * @param {Floats} code @param {Images} images @param {Int32Array} targets @param {Sampling} sampling
   * @returns {{ reconstruction: Float64Array, kl: Float64Array }}
   */
  bound(code, images, targets, { source, temperature, relaxation, straightThrough }) {
    const { latents } = this;
    const rows = targets.length;
    const logits = this.posteriorOf(code, rows);
    const y = latents.sample(source, logits, temperature);
    const kl = latents.kl[relaxation](logits, y, source, temperature);
    const z = straightThrough ? latents.harden(y) : y;
    const image = this.decode(z, rows);
    const { softplus, sigmoid } = logistic(image);
    const reconstruction = rowSums(softplus, rows);
    // -log p = sum softplus(l) - sum of l under ink; its gradient in l is sigmoid(l) - ink.
    const { starts, ink } = images;
    for (let r = 0; r < rows; r++) {
      const at = r * this.likelihood.outputs;
      for (let i = starts[targets[r]]; i < starts[targets[r] + 1]; i++) {
        reconstruction[r] -= image[at + ink[i]];
        sigmoid[at + ink[i]] -= 1;
      }
    }
    this.pass = { code, rows, temperature, y, z, kl, dImage: sigmoid };
    return { reconstruction, kl: rowSums(kl.value, rows) };
  }

  /**
   * Adds the gradients of sum_r weights_r (reconstruction_r + kl_r), of the last `bound`; the gradient in its code.
   * @param {Float64Array} weights @returns {Floats}
   */
  boundBackward(weights) {
    const { code, rows, temperature, y, z, kl, dImage } = this.pass;
    const { latents, posterior, decoder, likelihood } = this;
    scale(dImage, weights);
    const dg = this.take('dg', rows * decoder.outputs);
    likelihood.backward(this.room.g, dImage, rows, dg);
    reluBackward(this.room.g, dg);
    const dz = this.take('dz', rows * decoder.inputs);
    decoder.backward(z, dg, rows, dz);

    if (kl.y) addScaled(dz, kl.y, weights);
    const dLogits = latents.sampleVjp(y, dz, temperature);
    addScaled(dLogits, kl.logits, weights);
    const dCode = this.take('dCode', rows * posterior.inputs);
    posterior.backward(code, dLogits, rows, dCode);
    return dCode;
  }

  /** The logits of the latents. @param {Floats} code @param {number} rows */
  posteriorOf(code, rows) {
    const logits = this.take('logits', rows * this.latents.width);
    this.posterior.forward(code, rows, logits);
    return logits;
  }

  /** The logits of the pixels. Shapes: z rows x latents' width. @param {Floats} z @param {number} rows */
  decode(z, rows) {
    const g = this.take('g', rows * this.decoder.outputs);
    this.decoder.forward(z, rows, g);
    relu(g);
    const image = this.take('image', rows * this.likelihood.outputs);
    this.likelihood.forward(g, rows, image);
    return image;
  }
}
