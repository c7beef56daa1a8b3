/** Digits with few labels: those of examples/digits, or MNIST. */
import { crc32 } from 'node:zlib';
import { random } from 'anymax';
import { drawDigits } from '../digits/glyphs.mjs';
import { loadMnist } from '../digits/idx.mjs';
import { holdOut } from '../digits/regression.mjs';

/** @typedef {import('../digits/idx.mjs').Digits} Digits */

const SIDE = 28;
export const PIXELS = SIDE * SIDE;
export const CLASSES = 10;
const DRAWN = 10_000;
const TEST = 1000;

/**
 * The parts of the digits, disjoint.
 * @typedef {object} Data
 * @property {Digits} test looked at once, at the end
 * @property {Digits} validation what progress is measured on
 * @property {Digits} labelled as many of each class
 * @property {Digits} unlabelled whose labels nobody looks at
 */

/**
 * A split that the seed decides: 1,000 digits to test on, the first of each class of the others as labelled ones, then those
 * for validation, and the rest without labels.
 *
 * Errors: those of loadMnist; Error for more than there are.
 * @param {{ mnist?: string | undefined, seed: number, labels: number, validation: number }} options
 * @returns {Data}
 */
export function readData({ mnist, seed, labels, validation }) {
  const digits = mnist === undefined ? drawDigits(DRAWN, seed) : loadMnist(mnist);
  const { training, heldOut } = holdOut(digits, TEST, seed);
  const seen = new Int32Array(CLASSES);
  const isLabelled = Array.from(training.labels, (label) => seen[label]++ < labels / CLASSES);
  if (seen.some((count) => count < labels / CLASSES)) throw new Error(`--labels: there are fewer digits of a class`);
  const others = rowsWhere(isLabelled, false);
  if (others.length <= validation)
    throw new Error(`--validation: expected less than ${others.length}, got ${validation}`);
  return {
    test: heldOut,
    validation: pick(training, others.slice(0, validation)),
    labelled: pick(training, rowsWhere(isLabelled, true)),
    unlabelled: pick(training, others.slice(validation)),
  };
}

/** @param {boolean[]} flags @param {boolean} wanted */
const rowsWhere = (flags, wanted) => flags.flatMap((flag, row) => (flag === wanted ? [row] : []));

/** The digits of some rows. @param {Digits} digits @param {ArrayLike<number>} rows @returns {Digits} */
export function pick({ images, labels, pixels }, rows) {
  const picked = new Float32Array(rows.length * pixels);
  for (let i = 0; i < rows.length; i++)
    picked.set(images.subarray(rows[i] * pixels, (rows[i] + 1) * pixels), i * pixels);
  return { images: picked, labels: Int32Array.from(rows, (row) => labels[row]), count: rows.length, pixels };
}

/** Ink where a pixel is above a uniform number, anew each time. @param {Float32Array} images @param {import('anymax').Source} source */
export function binarised(images, source) {
  const u = random.uniform(source, images.length);
  for (let i = 0; i < u.length; i++) u[i] = u[i] < images[i] ? 1 : 0;
  return u;
}

/**
 * Each image moved by up to `most` pixels each way; what leaves the square is lost.
 * @param {Digits} digits @param {number} most @param {import('anymax').Source} source @returns {Digits}
 */
export function moved({ images, ...digits }, most, source) {
  const u = random.uniform(source, 2 * digits.count);
  const move = (i) => Math.floor(u[i] * (2 * most + 1)) - most;
  const to = new Float32Array(images.length);
  for (let i = 0; i < digits.count; i++) {
    const [right, down] = [move(2 * i), move(2 * i + 1)];
    for (let y = Math.max(0, down); y < Math.min(SIDE, SIDE + down); y++) {
      const row = i * PIXELS + y * SIDE;
      for (let x = Math.max(0, right); x < Math.min(SIDE, SIDE + right); x++)
        to[row + x] = images[row - down * SIDE + x - right];
    }
  }
  return { images: to, ...digits };
}

/** A number that tells data from others. @param {Data} data */
export function fingerprint({ labelled, unlabelled }) {
  const bytes = ({ images }) => new Uint8Array(images.buffer, images.byteOffset, images.byteLength);
  return crc32(bytes(unlabelled), crc32(bytes(labelled)));
}
