/** The wasm embedded as text: scripts/streams.mjs and embed.mjs there, scripts/unpack.ts and src/engine/wasm/unpack.ts back. */
import { readFileSync } from 'node:fs';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import binaryen from 'assemblyscript/binaryen';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ALPHABET, encode } from '../../scripts/embed.mjs';
import { toStreams } from '../../scripts/streams.mjs';
import { unpack } from '../../src/engine/wasm/unpack.ts';

const wasm = readFileSync(new URL('../../build/anymax.wasm', import.meta.url));
const unpacker = [...readFileSync(new URL('../../build/unpack.wasm', import.meta.url))];
const { parts, names } = toStreams(wasm),
  text = encode(parts);
const TEXT = 2304;

/** The text of any bytes, and back: the first half of the way. */
function roundTrip(...parts: Uint8Array[]): Uint8Array {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Uint8Array.from(unpacker)));
  const memory = new Uint8Array((exports.memory as WebAssembly.Memory).buffer),
    { written } = new TextEncoder().encodeInto(encode(parts), memory.subarray(TEXT));
  const unpackText = exports.unpack as (from: number, end: number) => number;
  return memory.subarray(TEXT, unpackText(TEXT, TEXT + written));
}

afterEach(() => vi.unstubAllGlobals());

test('the alphabet is 87 different printable ASCII characters, none of which a string, a template or a page may end with', () => {
  expect(new Set(ALPHABET).size).toBe(87);
  expect(ALPHABET).toMatch(/^[!-~]+$/);
  expect(ALPHABET).not.toMatch(/["'`\\$<]/);
  expect(text).toMatch(/^[ -~]+$/);
  expect(new Set(text).size).toBeLessThanOrEqual(88);
});

describe('unpack', () => {
  test('gives the wasm back', () => {
    expect(Buffer.compare(unpack(text, unpacker, names), wasm)).toBe(0);
  });

  test('gives it back where there is no TextEncoder', () => {
    vi.stubGlobal('TextEncoder', undefined);
    expect(Buffer.compare(unpack(text, unpacker, names), wasm)).toBe(0);
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

  test('gives parts back, one behind the other', () => {
    const parts = [Uint8Array.from({ length: 300 }, (_, i) => i), new Uint8Array(0), new Uint8Array(100).fill(255)];
    expect(Buffer.compare(roundTrip(...parts), Buffer.concat(parts))).toBe(0);
  });

  test('gives any bytes back', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 1000 }),
      fc.array(fc.constantFrom(0, 1, 87, 250), { maxLength: 1000 }).map((values) => Uint8Array.from(values)),
    );
    fc.assert(fc.property(bytes, (input) => Buffer.compare(roundTrip(input), input) === 0));
  });
});

/** Names so many locals, each but the last once more. */
const chain = (count: number) =>
  Array.from({ length: count - 1 }, (_, i) => `(local.set ${i + 2} (local.get ${i + 1}))`).join('');

/** A module of one function with the instructions given, behind `locals` of i64. */
function moduleOf(text: string, locals: number): Uint8Array {
  const module =
    binaryen.parseText(`(module (memory 1) (global $g (mut i32) (i32.const 1)) (func $f (param i32) (result i32)
    ${'(local i64)'.repeat(locals)} ${text}))`);
  module.setFeatures(binaryen.Features.All);
  return module.emitBinary();
}

describe('streams', () => {
  test.each([
    ['nothing', '(local.get 0)', 0],
    ['many locals', `(drop (local.get 0)) ${chain(400)} (local.get 400) (drop) (i32.const 1)`, 400],
    [
      'numbers of all kinds',
      '(drop (f32.const 0.1)) (drop (f64.const 0.1)) (drop (i64.const 0x7fffffffffffffff)) (i32.const -1)',
      0,
    ],
    [
      'vectors',
      `(drop (v128.const i64x2 1 -2)) (drop (i8x16.shuffle 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 31 (v128.load offset=300 (i32.const 0))
        (v128.load32_splat (i32.const 0)))) (v128.store64_lane 1 (i32.const 0) (v128.const i64x2 1 -2))
        (i32x4.extract_lane 3 (v128.load64_zero offset=70000 (i32.const 0)))`,
      0,
    ],
    [
      'branches, calls, memory and globals',
      `(block $a (block $b (br_table $a $b $a (local.get 0)))) (loop $l (br_if $l (call $f (i32.const 1))))
        (memory.fill (i32.const 0) (i32.const 0) (i32.const 0)) (memory.copy (i32.const 0) (i32.const 0) (i32.const 0))
        (global.set $g (memory.grow (i32.const 0))) (drop (i32.trunc_sat_f64_u (f64.const 1))) (global.get $g)`,
      0,
    ],
  ])('give back a function with %s', (_, text, locals) => {
    const module = moduleOf(text, locals);
    expect(WebAssembly.validate(module as BufferSource)).toBe(true);
    expect(Buffer.compare(unpack(encode(toStreams(module).parts), unpacker, []), module)).toBe(0);
  });

  test('number locals as they are named, and leave out those that are not', () => {
    const module = moduleOf('(local.set 9 (i64.const 3)) (drop (local.get 4)) (local.get 0)', 12),
      same = moduleOf('(local.set 1 (i64.const 3)) (drop (local.get 2)) (local.get 0)', 2);
    expect(Buffer.compare(unpack(encode(toStreams(module).parts), unpacker, []), same)).toBe(0);
  });

  test.each([
    ['more locals than there is room for', `${chain(445)} (i32.const 1)`, 'room for 444 locals'],
    ['a local that is named again behind 256 others', `${chain(300)} (local.get 0)`, 'a rank is a byte'],
  ])('%s: an error', (_, text, message) => {
    expect(() => toStreams(moduleOf(text, 449))).toThrow(message);
  });
});

test('gzip and brotli find more in the text than in the wasm', () => {
  expect(gzipSync(text).length).toBeLessThan(0.8 * gzipSync(wasm).length);
  expect(brotliCompressSync(text).length).toBeLessThan(0.92 * brotliCompressSync(wasm).length);
});
