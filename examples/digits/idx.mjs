import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/**
 * The one element type that MNIST uses; IDX also defines 0x09 int8, 0x0b int16, 0x0c int32, 0x0d float, 0x0e double.
 */
const UNSIGNED_BYTE = 0x08;
const SIDE = 28;
const PIXELS = SIDE * SIDE;
const CLASSES = 10;

/**
 * Images and their classes: row i of `images` (count x pixels, row-major, 0 = paper, 1 = ink) shows the digit
 * `labels[i]`.
 * @typedef {{ images: Float32Array, labels: Int32Array, count: number, pixels: number }} Digits
 */

/**
 * The array in an IDX file: bytes 00 00 type rank, then `rank` big-endian 32-bit sizes, then the elements, row-major. A
 * gzipped file is recognised by its first two bytes, whatever its name.
 *
 * Shapes: `data` has the product of `shape` elements.
 * Errors: Error beginning with the path, for a file that cannot be read, a broken gzip, a wrong magic number, an
 * element type other than unsigned byte, too few bytes, too many bytes.
 * Source: http://yann.lecun.com/exdb/mnist/, "The IDX file format".
 * @param {string} path
 * @returns {{ shape: number[], data: Uint8Array }}
 */
export function readIdx(path) {
  const bytes = inflate(path, readBytes(path));
  requireLength(path, bytes, 4, 'the magic number');
  const [zero0, zero1, type, rank] = bytes;
  if (zero0 !== 0 || zero1 !== 0 || rank === 0) {
    throw new Error(`${path}: not an IDX file: it begins with ${hex(bytes.subarray(0, 4))}, not 00 00 <type> <rank>`);
  }
  if (type !== UNSIGNED_BYTE) {
    throw new Error(`${path}: unsupported IDX element type 0x${hex([type])}, only 0x08 (unsigned byte) is read`);
  }
  const header = 4 + 4 * rank;
  requireLength(path, bytes, header, `a header of rank ${rank}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, header);
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const end = shape.reduce((product, size) => product * size, 1) + header;
  requireLength(path, bytes, end, `shape ${shape.join(' x ')}`);
  if (bytes.length > end) {
    throw new Error(`${path}: ${bytes.length - end} trailing bytes: expected ${end} bytes, got ${bytes.length}`);
  }
  return { shape, data: bytes.subarray(header) };
}

/**
 * The 10,000 test digits of MNIST, from `t10k-images-idx3-ubyte` and `t10k-labels-idx1-ubyte` in `folder`, each plain
 * or with the ending `.gz`; where both are there the plain one is read. A pixel is its byte / 255.
 *
 * Shapes: images count x 784, labels count.
 * Errors: Error naming the folder or the file, for a missing one, every fault of `readIdx`, images that are not 28 x
 * 28, labels that are not a list, another number of labels than of images, a label outside 0..9.
 * @param {string} folder
 * @returns {Digits}
 */
export function loadMnist(folder) {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw new Error(`${folder}: no such folder`);
  const imagesPath = findFile(folder, 't10k-images-idx3-ubyte');
  const labelsPath = findFile(folder, 't10k-labels-idx1-ubyte');
  const images = readIdx(imagesPath);
  const labels = readIdx(labelsPath);
  const [count, height, width] = images.shape;
  if (images.shape.length !== 3 || height !== SIDE || width !== SIDE) {
    throw new Error(`${imagesPath}: expected images of shape count x 28 x 28, got ${images.shape.join(' x ')}`);
  }
  if (labels.shape.length !== 1) {
    throw new Error(`${labelsPath}: expected a list of labels (rank 1), got shape ${labels.shape.join(' x ')}`);
  }
  if (labels.data.length !== count) {
    throw new Error(`${labelsPath}: ${labels.data.length} labels for the ${count} images of ${imagesPath}`);
  }
  const wrong = labels.data.findIndex((label) => label >= CLASSES);
  if (wrong >= 0) throw new Error(`${labelsPath}: label ${wrong} is ${labels.data[wrong]}, expected 0..9`);
  return {
    images: Float32Array.from(images.data, (byte) => byte / 255),
    labels: Int32Array.from(labels.data),
    count,
    pixels: PIXELS,
  };
}

/** @param {string} folder @param {string} name */
function findFile(folder, name) {
  for (const path of [join(folder, name), join(folder, `${name}.gz`)]) {
    if (statSync(path, { throwIfNoEntry: false })) return path;
  }
  throw new Error(`${join(folder, name)}: no such file, plain or with the ending .gz`);
}

/** @param {string} path @returns {Uint8Array} */
function readBytes(path) {
  try {
    return readFileSync(path);
  } catch (cause) {
    const { code, message } = /** @type {Error & { code?: string }} */ (cause);
    throw new Error(`${path}: ${code === 'ENOENT' ? 'no such file' : `cannot be read: ${message}`}`, { cause });
  }
}

/** @param {string} path @param {Uint8Array} bytes @returns {Uint8Array} */
function inflate(path, bytes) {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes);
  } catch (cause) {
    throw new Error(`${path}: broken gzip: ${/** @type {Error} */ (cause).message}`, { cause });
  }
}

/** @param {string} path @param {Uint8Array} bytes @param {number} expected @param {string} what */
function requireLength(path, bytes, expected, what) {
  if (bytes.length < expected) {
    throw new Error(`${path}: truncated: expected ${expected} bytes for ${what}, got ${bytes.length}`);
  }
}

/** @param {Iterable<number>} bytes */
function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}
