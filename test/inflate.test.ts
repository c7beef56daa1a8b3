import { readFileSync } from 'node:fs';
import { constants, deflateRawSync } from 'node:zlib';
import { transformSync } from 'esbuild';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inflate } from '../src/engine/inflate.ts';

const wasm = readFileSync(new URL('../build/anymax.wasm', import.meta.url));

describe('inflate', () => {
  test('gives the wasm back', () => {
    expect(Buffer.compare(inflate(deflateRawSync(wasm, { level: 9 })), wasm)).toBe(0);
  });

  const { Z_DEFAULT_STRATEGY, Z_FILTERED, Z_FIXED, Z_HUFFMAN_ONLY, Z_RLE } = constants;
  test.each([
    ['stored', { level: 0 }],
    ['fixed codes', { strategy: Z_FIXED }],
    ['Huffman only', { strategy: Z_HUFFMAN_ONLY }],
    ['run lengths', { strategy: Z_RLE }],
    ['filtered', { strategy: Z_FILTERED }],
    ['fast', { level: 1 }],
    ['small window', { windowBits: 9 }],
    ['many blocks', { memLevel: 1, strategy: Z_DEFAULT_STRATEGY }],
  ])('reads every kind of block: %s', (_, options) => {
    const inputs = [
      Buffer.alloc(0),
      Buffer.from('a'),
      Buffer.alloc(70_000, 7),
      wasm,
      Buffer.from(Uint8Array.from({ length: 40_000 }, (_, i) => (Math.imul(i, 2654435761) >>> 13) ^ i)),
    ];
    for (const input of inputs) expect(Buffer.compare(inflate(deflateRawSync(input, options)), input)).toBe(0);
  });

  test('gives any bytes back', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 2000 }),
      fc.array(fc.constantFrom(0, 1, 2, 250), { maxLength: 3000 }),
    );
    fc.assert(
      fc.property(bytes, fc.integer({ min: 0, max: 9 }), (values, level) => {
        const input = Buffer.from(values);
        return Buffer.compare(inflate(deflateRawSync(input, { level })), input) === 0;
      }),
      { numRuns: 300 },
    );
  });

  test('ends with an error, not with a loop, where the data does', () => {
    const deflated = deflateRawSync(wasm, { level: 9 });
    for (const length of [0, 1, 10, 1000, deflated.length - 1]) {
      expect(() => inflate(deflated.subarray(0, length))).toThrow('damaged');
    }
    expect(() => inflate(new Uint8Array(3000).fill(255, 1).fill(5, 0, 1))).toThrow('damaged');
    expect(() => inflate(new Uint8Array(3000))).toThrow('damaged');
  });

  test('takes less than 1.5 KB', () => {
    const source = readFileSync(new URL('../src/engine/inflate.ts', import.meta.url), 'utf8');
    expect(transformSync(source, { loader: 'ts', minify: true }).code.length).toBeLessThan(1536);
  });
});
