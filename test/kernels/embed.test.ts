/** The wasm embedded as text: scripts/embed.mjs there, scripts/unpack.ts and src/engine/wasm/unpack.ts back. */
import { readFileSync } from 'node:fs';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ALPHABET, encode } from '../../scripts/embed.mjs';
import { unpack } from '../../src/engine/wasm/unpack.ts';

const wasm = readFileSync(new URL('../../build/anymax.wasm', import.meta.url));
const unpacker = [...readFileSync(new URL('../../build/unpack.wasm', import.meta.url))];
const roundTrip = (bytes: Uint8Array): Uint8Array => unpack(encode(bytes), unpacker);

afterEach(() => vi.unstubAllGlobals());

test('the alphabet is 87 different printable ASCII characters, none of which a string, a template or a page may end with', () => {
  expect(new Set(ALPHABET).size).toBe(87);
  expect(ALPHABET).toMatch(/^[!-~]+$/);
  expect(ALPHABET).not.toMatch(/["'`\\$<]/);
  expect(encode(wasm)).toMatch(/^[!-~]+$/);
  expect(new Set(encode(wasm)).size).toBeLessThanOrEqual(87);
});

describe('unpack', () => {
  test('gives the wasm back', () => {
    expect(Buffer.compare(roundTrip(wasm), wasm)).toBe(0);
  });

  test('gives it back where there is no TextEncoder', () => {
    vi.stubGlobal('TextEncoder', undefined);
    expect(Buffer.compare(roundTrip(wasm), wasm)).toBe(0);
  });

  test.each([
    ['nothing', new Uint8Array(0)],
    ['every byte', Uint8Array.from({ length: 256 }, (_, i) => i)],
    ['every byte, from the last', Uint8Array.from({ length: 256 }, (_, i) => 255 - i)],
    ['noise', Uint8Array.from({ length: 50_000 }, (_, i) => Math.imul(i ^ (i << 7), 2654435761) >>> 24)],
    ['one long run', new Uint8Array(100_000).fill(200)],
  ])('gives %s back', (_, bytes) => {
    expect(Buffer.compare(roundTrip(bytes), bytes)).toBe(0);
  });

  test('gives any bytes back', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 1000 }),
      fc.array(fc.constantFrom(0, 1, 87, 250), { maxLength: 1000 }).map((values) => Uint8Array.from(values)),
    );
    fc.assert(fc.property(bytes, (input) => Buffer.compare(roundTrip(input), input) === 0));
  });
});

test('gzip and brotli find in the text what they find in the wasm', () => {
  const text = encode(wasm);
  expect(gzipSync(text).length).toBeLessThan(1.02 * gzipSync(wasm).length);
  expect(brotliCompressSync(text).length).toBeLessThan(1.05 * brotliCompressSync(wasm).length);
});
