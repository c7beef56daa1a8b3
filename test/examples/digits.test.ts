import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { drawDigits } from '../../examples/digits/glyphs.mjs';
import { loadMnist, readIdx } from '../../examples/digits/idx.mjs';

const IMAGES = 't10k-images-idx3-ubyte';
const LABELS = 't10k-labels-idx1-ubyte';

/** An IDX file of unsigned bytes 0 1 2 ... 255 0 1 ..., or of `data`. */
function idx(shape: number[], data?: number[]): Uint8Array {
  const sizes = shape.flatMap((size) => [size >>> 24, (size >>> 16) & 255, (size >>> 8) & 255, size & 255]);
  const elements = data ?? Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i % 256);
  return Uint8Array.from([0, 0, 8, shape.length, ...sizes, ...elements]);
}

/** The message of the Error that `run` throws. */
function message(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(Error);
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
}

const root = mkdtempSync(join(tmpdir(), 'anymax-digits-'));
afterAll(() => rmSync(root, { recursive: true }));

describe('readIdx', () => {
  const path = join(root, 'file');

  test.each([
    ['plain', (bytes: Uint8Array) => bytes],
    ['gzip', (bytes: Uint8Array) => gzipSync(bytes)],
  ])('reads shape and elements: %s', (_, pack) => {
    writeFileSync(path, pack(idx([2, 3, 300])));
    const { shape, data } = readIdx(path);
    expect(shape).toEqual([2, 3, 300]);
    expect(Array.from(data)).toEqual(Array.from({ length: 1800 }, (_, i) => i % 256));
  });

  test('reads an array without elements', () => {
    writeFileSync(path, idx([0, 28]));
    expect(readIdx(path)).toMatchObject({ shape: [0, 28], data: { length: 0 } });
  });

  const gzip = gzipSync(idx([2, 3]));
  test.each<[string, Uint8Array, string]>([
    ['an empty file', new Uint8Array(0), 'truncated: expected 4 bytes for the magic number, got 0'],
    ['another format', Uint8Array.from([0x89, 0x50, 0x4e, 0x47]), 'not an IDX file: it begins with 89 50 4e 47'],
    ['rank 0', Uint8Array.from([0, 0, 8, 0]), 'not an IDX file: it begins with 00 00 08 00'],
    ['floats', Uint8Array.from([0, 0, 0x0d, 1, 0, 0, 0, 0]), 'unsupported IDX element type 0x0d'],
    ['half a header', idx([2, 3]).subarray(0, 9), 'truncated: expected 12 bytes for a header of rank 2, got 9'],
    ['too few elements', idx([2, 3]).subarray(0, 17), 'truncated: expected 18 bytes for shape 2 x 3, got 17'],
    ['a size above 2^31', idx([0xffffffff], [1]), 'truncated: expected 4294967303 bytes for shape 4294967295, got 9'],
    ['trailing bytes', idx([2], [1, 2, 3, 4]), '2 trailing bytes: expected 10 bytes, got 12'],
    ['a cut gzip', gzip.subarray(0, gzip.length - 9), 'broken gzip: '],
    ['a gzip header alone', Uint8Array.from([0x1f, 0x8b]), 'broken gzip: '],
    ['a gzip with a wrong checksum', gzip.map((byte, i) => (i === gzip.length - 8 ? byte ^ 1 : byte)), 'broken gzip: '],
    ['too few elements, gzipped', gzipSync(idx([2, 3]).subarray(0, 17)), 'truncated: expected 18 bytes'],
  ])('says what is wrong with %s', (_, bytes, fault) => {
    writeFileSync(path, bytes);
    expect(message(() => readIdx(path))).toContain(`${path}: ${fault}`);
  });

  test('says that the file is missing, or that it is a folder', () => {
    expect(message(() => readIdx(join(root, 'absent')))).toBe(`${join(root, 'absent')}: no such file`);
    expect(message(() => readIdx(root))).toContain(`${root}: cannot be read: `);
  });
});

describe('loadMnist', () => {
  const folder = join(root, 'mnist');
  const [imagesPath, labelsPath] = [join(folder, IMAGES), join(folder, LABELS)];
  beforeEach(() => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
  });

  test.each([
    ['plain', '', (bytes: Uint8Array) => bytes],
    ['gzip', '.gz', (bytes: Uint8Array) => gzipSync(bytes)],
    ['gzip under the plain name', '', (bytes: Uint8Array) => gzipSync(bytes)],
  ])('reads pixels as byte / 255 and labels: %s', (_, ending, pack) => {
    writeFileSync(imagesPath + ending, pack(idx([3, 28, 28])));
    writeFileSync(labelsPath + ending, pack(idx([3], [7, 0, 9])));
    const { images, labels, count, pixels } = loadMnist(folder);
    expect([count, pixels]).toEqual([3, 784]);
    expect(labels).toEqual(Int32Array.of(7, 0, 9));
    expect(images).toEqual(Float32Array.from({ length: 3 * 784 }, (_, i) => (i % 256) / 255));
  });

  test.each<[string, Uint8Array, Uint8Array, string]>([
    ['fewer labels', idx([2, 28, 28]), idx([1]), `${labelsPath}: 1 labels for the 2 images of ${imagesPath}`],
    ['a label 10', idx([2, 28, 28]), idx([2], [9, 10]), `${labelsPath}: label 1 is 10, expected 0..9`],
    ['flat images', idx([2, 784]), idx([2]), `${imagesPath}: expected images of shape count x 28 x 28, got 2 x 784`],
    [
      'small images',
      idx([2, 28, 27]),
      idx([2]),
      `${imagesPath}: expected images of shape count x 28 x 28, got 2 x 28 x 27`,
    ],
    [
      'labels in columns',
      idx([2, 28, 28]),
      idx([2, 1]),
      `${labelsPath}: expected a list of labels (rank 1), got shape 2 x 1`,
    ],
    ['cut labels', idx([2, 28, 28]), idx([2]).subarray(0, 9), `${labelsPath}: truncated: expected 10 bytes`],
  ])('says what is wrong with %s', (_, images, labels, fault) => {
    writeFileSync(imagesPath, images);
    writeFileSync(labelsPath, labels);
    expect(message(() => loadMnist(folder))).toContain(fault);
  });

  test('says which file or folder is missing', () => {
    const absent = join(root, 'absent');
    expect(message(() => loadMnist(absent))).toBe(`${absent}: no such folder`);
    expect(message(() => loadMnist(folder))).toBe(`${imagesPath}: no such file, plain or with the ending .gz`);
    writeFileSync(imagesPath, idx([1, 28, 28]));
    expect(message(() => loadMnist(folder))).toBe(`${labelsPath}: no such file, plain or with the ending .gz`);
    expect(message(() => loadMnist(imagesPath))).toBe(`${imagesPath}: no such folder`);
  });
});

describe('drawDigits', () => {
  const train = drawDigits(1000, 1);

  test('is a function of the seed, and fewer images are the first of more', () => {
    for (const count of [1000, 37]) {
      const { images, labels } = drawDigits(count, 1);
      expect(images.every((pixel, i) => pixel === train.images[i])).toBe(true);
      expect(labels).toEqual(train.labels.slice(0, count));
    }
  });

  test('gives other images for every seed, zero, negative and above 2^32 included', () => {
    const seeds = [0, 1, 2, -1, 2 ** 32, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER];
    const pictures = seeds.map((seed) => drawDigits(1, seed).images.join());
    expect(new Set(pictures).size).toBe(seeds.length);
  });

  test('has the bits of the day it was written', () => {
    // FNV-1a of the pixels as bytes, then of the labels: made by this code, in Node 20.
    const { images, labels } = drawDigits(200, 42);
    let hash = 0x811c9dc5;
    for (const value of [...Array.from(images, (pixel) => Math.round(255 * pixel)), ...labels]) {
      hash = Math.imul(hash ^ value, 0x01000193);
    }
    expect(hash >>> 0).toBe(838151878);
  });

  test('gives 28 x 28 pixels that are multiples of 1/255 in [0, 1], and balanced labels', () => {
    expect(train).toMatchObject({ count: 1000, pixels: 784, images: { length: 784000 }, labels: { length: 1000 } });
    const bytes = Float32Array.from({ length: 256 }, (_, byte) => byte / 255);
    expect(train.images.every((pixel) => pixel >= 0 && pixel <= 1 && pixel === bytes[Math.round(255 * pixel)])).toBe(
      true,
    );
    for (let digit = 0; digit < 10; digit++) {
      expect(train.labels.filter((label) => label === digit).length).toBe(100);
      expect(train.labels.subarray(990)).toContain(digit);
    }
  });

  test('can be learnt, but not by heart: the nearest class mean is right on 70 to 95 % of other digits', () => {
    const means = new Float64Array(10 * 784);
    train.images.forEach((pixel, i) => (means[train.labels[Math.floor(i / 784)]! * 784 + (i % 784)]! += pixel / 100));
    const held = drawDigits(1000, 2);
    let right = 0;
    for (let i = 0; i < held.count; i++) {
      const distances = Array.from({ length: 10 }, (_, digit) => {
        let sum = 0;
        for (let p = 0; p < 784; p++) sum += (held.images[i * 784 + p]! - means[digit * 784 + p]!) ** 2;
        return sum;
      });
      if (distances.indexOf(Math.min(...distances)) === held.labels[i]) right++;
    }
    expect(right / held.count).toBeGreaterThan(0.7);
    expect(right / held.count).toBeLessThan(0.95);
  });

  test('refuses a count or a seed that is no integer', () => {
    expect(() => drawDigits(-1, 0)).toThrow(new RangeError('count must be an integer >= 0, got -1'));
    expect(() => drawDigits(1.5, 0)).toThrow(new RangeError('count must be an integer >= 0, got 1.5'));
    expect(() => drawDigits(1, 0.5)).toThrow(new RangeError('seed must be a safe integer, got 0.5'));
    expect(drawDigits(0, 0).images.length).toBe(0);
  });
});
