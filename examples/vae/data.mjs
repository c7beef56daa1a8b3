/** Binary images: the digits of examples/digits, or MNIST, with ink where a pixel is above 0.5. */
import { crc32 } from 'node:zlib';
import { random } from 'anymax';
import { drawDigits } from '../digits/glyphs.mjs';
import { loadMnist } from '../digits/idx.mjs';
import { holdOut } from '../digits/regression.mjs';

const DRAWN = 10_000;
export const PIXELS = 784;
const SIDE = 28;

/**
 * Binary images as lists of their ink: image i has the pixels ink[starts[i]] .. ink[starts[i + 1] - 1], ascending.
 * @typedef {{ starts: Int32Array, ink: Uint16Array, labels: Int32Array, count: number }} Images
 */

/**
 * A tenth of the images to test on, and the others, a split that the seed decides: of the 10,000 test digits of MNIST in a
 * folder, or of as many drawn ones; of the first `count` where it is given.
 *
 * Errors: those of loadMnist; Error for more images than there are.
 * @param {{ mnist?: string | undefined, seed: number, count?: number | undefined }} options
 * @returns {{ training: Images, test: Images }}
 */
export function readImages({ mnist, seed, count = DRAWN }) {
  const { images, labels, pixels, ...digits } = mnist === undefined ? drawDigits(count, seed) : loadMnist(mnist);
  if (count > digits.count) throw new Error(`${mnist}: ${digits.count} images, ${count} wanted`);
  const used = { images: images.subarray(0, count * pixels), labels: labels.subarray(0, count), count, pixels };
  const { training, heldOut } = holdOut(used, Math.floor(count / 10), seed);
  return { training: binarise(training), test: binarise(heldOut) };
}

/** A number that tells images from others. @param {Images} images */
export function fingerprint({ starts, ink }) {
  return crc32(new Uint8Array(ink.buffer), crc32(new Uint8Array(starts.buffer)));
}

/** @param {import('../digits/idx.mjs').Digits} digits @returns {Images} */
export function binarise({ images, labels, count }) {
  const starts = new Int32Array(count + 1);
  images.forEach((pixel, i) => {
    if (pixel > 0.5) starts[Math.floor(i / PIXELS) + 1]++;
  });
  for (let i = 0; i < count; i++) starts[i + 1] += starts[i];
  const ink = new Uint16Array(starts[count]);
  let at = 0;
  images.forEach((pixel, i) => {
    if (pixel > 0.5) ink[at++] = i % PIXELS;
  });
  return { starts, ink, labels, count };
}

/**
 * Each image moved by up to `most` pixels each way; what leaves the square is lost.
 * @param {Images} images @param {number} most @param {import('anymax').Source} source @returns {Images}
 */
export function shifted({ starts, ink, labels, count }, most, source) {
  const u = random.uniform(source, 2 * count);
  const move = (i) => Math.floor(u[i] * (2 * most + 1)) - most;
  const moved = { starts: new Int32Array(count + 1), ink: new Uint16Array(ink.length), labels, count };
  for (let i = 0, at = 0; i < count; i++) {
    const [right, down] = [move(2 * i), move(2 * i + 1)];
    for (let k = starts[i]; k < starts[i + 1]; k++) {
      const [x, y] = [(ink[k] % SIDE) + right, Math.floor(ink[k] / SIDE) + down];
      if (x >= 0 && x < SIDE && y >= 0 && y < SIDE) moved.ink[at++] = y * SIDE + x;
    }
    moved.starts[i + 1] = at;
  }
  return moved;
}
