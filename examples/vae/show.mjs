/** Pictures of what a model has learnt. */
import { join } from 'node:path';
import { split } from 'anymax';
import { logistic } from './bernoulli.mjs';
import { PIXELS } from './data.mjs';
import { writePicture } from './picture.mjs';
import { above, gather, range } from './rows.mjs';

/** @typedef {import('./data.mjs').Images} Images */
/** @typedef {import('./model.mjs').Vae} Vae */

/** Images a line; lines of images in the first picture; samples in the second. */
const COLUMNS = 10;
const LINES = 5;
const SAMPLES = 100;

/**
 * Writes reconstructions.png, lines of test images with their reconstructions below, each from one hard sample of its
 * latents, and samples.png, from hard samples of the prior; both are probabilities of the pixels.
 *
 * Shapes: at least COLUMNS images.
 * @param {string} folder @param {import('./session.mjs').Session} session
 */
export function writePictures(folder, { vae, sources, data }) {
  const images = data.test;
  const [posterior, prior] = split(sources.picture);
  const chosen = range(COLUMNS * Math.min(LINES, Math.floor(images.count / COLUMNS)));
  const { length } = chosen;

  const y = vae.latents.sample(posterior, vae.posteriorOf(vae.encode(images, chosen), length), 0);
  const pairs = above(pixelsOf(images, chosen), probabilities(vae, y));
  const order = range(2 * length).map((i) => {
    const line = Math.floor(i / COLUMNS);
    return (line >> 1) * COLUMNS + (i % COLUMNS) + (line & 1) * length;
  });
  writePicture(join(folder, 'reconstructions.png'), gather(pairs, PIXELS, order), COLUMNS);

  const z = vae.latents.sample(prior, new Float32Array(SAMPLES * vae.latents.width), 0);
  writePicture(join(folder, 'samples.png'), probabilities(vae, z), COLUMNS);
}

/** @param {Vae} vae @param {Float32Array} z rows of latents */
function probabilities(vae, z) {
  return logistic(vae.decode(z, z.length / vae.decoder.inputs)).sigmoid;
}

/** Images as rows of 0 and 1. @param {Images} images @param {Int32Array} chosen */
function pixelsOf({ starts, ink }, chosen) {
  const pixels = new Float32Array(chosen.length * PIXELS);
  chosen.forEach((i, r) => ink.subarray(starts[i], starts[i + 1]).forEach((pixel) => (pixels[r * PIXELS + pixel] = 1)));
  return pixels;
}
