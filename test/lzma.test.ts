import { readFileSync } from 'node:fs';
import { transformSync } from 'esbuild';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeLzma as encode } from '../scripts/dtypes.mjs';
import { decodeLzma } from '../src/engine/lzma.ts';

const wasm = readFileSync(new URL('../build/anymax.wasm', import.meta.url));

/** Of 256 values, in runs whose lengths and distances take every form that the format has. */
function repetitive(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let seed = 1;
  const below = (n: number) => ((seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) >>> 8) % n;
  for (let i = 0; i < length;) {
    const end = Math.min(length, i + 1 + below([3, 12, 40, 600][below(4)]!));
    const back = below(3) === 0 ? 0 : 1 + below(1 << below(17));
    for (; i < end; i++) bytes[i] = back === 0 || back > i ? below(256) : bytes[i - back]!;
  }
  return bytes;
}

describe('decodeLzma', () => {
  test('gives the wasm back', () => {
    expect(Buffer.compare(decodeLzma(encode(wasm)), wasm)).toBe(0);
  });

  test.each([
    ['one byte', Uint8Array.of(97)],
    ['text', Buffer.from('softmax, sparsemax, argmax; softmax, sparsemax, argmax')],
    ['one long run', new Uint8Array(70_000).fill(7)],
    ['a period of 300', Uint8Array.from({ length: 9000 }, (_, i) => Math.imul(i % 300, 2654435761) >>> 24)],
    ['noise', Uint8Array.from({ length: 5000 }, (_, i) => Math.imul(i ^ (i << 7), 2654435761) >>> 24)],
    ['runs of every length and distance', repetitive(150_000)],
  ])('reads %s', (_, input) => {
    for (const level of [1, 9]) expect(Buffer.compare(decodeLzma(encode(input, level)), input)).toBe(0);
  });

  test('reads a view into a longer buffer', () => {
    const encoded = encode(wasm.subarray(0, 3000));
    const buffer = new Uint8Array(encoded.length + 100);
    buffer.set(encoded, 50);
    const view = buffer.subarray(50, 50 + encoded.length);
    expect(Buffer.compare(decodeLzma(view), wasm.subarray(0, 3000))).toBe(0);
  });

  test('gives any bytes back', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 500 }),
      fc.array(fc.constantFrom(0, 1, 2, 250), { minLength: 1, maxLength: 1000 }).map((a) => Uint8Array.from(a)),
    );
    const property = fc.property(bytes, (input) => Buffer.compare(decodeLzma(encode(input, 1)), input) === 0);
    fc.assert(property, { numRuns: 50 });
  });

  describe('ends with an error, not with a loop', () => {
    const input = wasm.subarray(0, 4000);
    const encoded = encode(input);

    test.each([18, 19, 30, 500, encoded.length - 1])('where the data ends after %d bytes', (length) => {
      expect(() => decodeLzma(encoded.subarray(0, length))).toThrow('damaged');
    });

    test('where the data goes on', () => {
      expect(() => decodeLzma(Uint8Array.of(...encoded, 0))).toThrow('damaged');
    });

    test('where any byte is another', () => {
      for (let i = 14; i < encoded.length; i++) {
        const damaged = encoded.slice();
        damaged[i]! ^= 1 << (i % 8);
        expect(() => decodeLzma(damaged), `byte ${i}`).toThrow('damaged');
      }
    });

    test('where the length is another', () => {
      for (const length of [0, 1, 3999, 4001, 8000]) {
        const damaged = encoded.slice();
        new DataView(damaged.buffer).setUint32(5, length, true);
        expect(() => decodeLzma(damaged), `${length}`).toThrow('damaged');
      }
    });
  });

  test('takes less than 1.7 KB', () => {
    const source = readFileSync(new URL('../src/engine/lzma.ts', import.meta.url), 'utf8');
    expect(transformSync(source, { loader: 'ts', minify: true }).code.length).toBeLessThan(1700);
  });
});
