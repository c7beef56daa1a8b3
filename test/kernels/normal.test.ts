/** random.normal against the exact quantile of every word, as far as samples go, and against the distribution. */
import { init, key, random } from 'anymax';
import { beforeAll, describe, expect, test } from 'vitest';
import { philox } from '../../src/shared/philox.ts';
import { DOMAIN_EXTENSION, NORMAL_TAIL_FROM } from '../../src/shared/constants.ts';
import type { Backend } from '../../src/engine/kernels.ts';
import { load, wordsModule, wordsWasm } from '../accuracy/words.mjs';
import { generator } from '../tables/kernels.ts';

type Dtype = 'f32' | 'f64';
type Draws = Float32Array | Float64Array;

// ---- Kernels that take the words that they are given ----

let backends: Record<'wasm' | 'js', Backend>;
beforeAll(async () => {
  const { wasmBackend, jsBackend } = await load(await wordsModule());
  const module = new WebAssembly.Module((await wordsWasm()) as BufferSource);
  backends = { wasm: wasmBackend(module), js: jsBackend() };
}, 60_000);

/** The draws of words (two for an f64, the high one first) that stand for those from flat element 0 on. */
function drawsOf(dtype: Dtype, words: Uint32Array, backend: Backend = backends.wasm): Draws {
  const array = dtype === 'f32' ? Float32Array : Float64Array;
  const perDraw = array.BYTES_PER_ELEMENT / 4,
    perBlock = 1024 / perDraw;
  const at = Math.ceil(backend.base / 64) * 64,
    to = at + 2 ** 14;
  const memory = backend.memory(to + 2 ** 14);
  const draws = new array(words.length / perDraw);
  for (let i = 0; i < draws.length; i += perBlock) {
    const block = words.subarray(i * perDraw, i * perDraw + 1024);
    new Uint32Array(memory, at, 1024).set(block);
    backend[dtype].normal(to, block.length / perDraw, i, 7, 9, at);
    draws.set(new array(memory, to, block.length / perDraw), i);
  }
  return draws;
}

/** The words of integers below 2^32 (f64: 2^64). */
function wordsOf(dtype: Dtype, x: readonly bigint[]): Uint32Array {
  if (dtype === 'f32') return Uint32Array.from(x, Number);
  return Uint32Array.from(x.flatMap((v) => [Number(v >> 32n), Number(v & 0xffffffffn)]));
}

/** One ULP of y in the dtype, and one of max(1, |y|). */
const ulpOf = (dtype: Dtype, y: number): number =>
  2 ** (Math.floor(Math.log2(Math.abs(y))) - (dtype === 'f32' ? 23 : 52));
const unitOf = (dtype: Dtype, y: number): number => ulpOf(dtype, Math.max(1, Math.abs(y)));

// ---- The reference: fixed point of 200 bits ----

const BITS = 200n;
/** 1 / sqrt(2 pi) */
const DENSITY_AT_0 = (39894228040143267793994605993438186847585863116493465766592582967n << BITS) / 10n ** 65n;

/**
 * P(N > y) for y >= 0: 1/2 - (y - y^3 / (2 3) + y^5 / (2^2 2! 5) - ...) / sqrt(2 pi), Abramowitz and Stegun 26.2.10.
 * Terms up to 2^61 cancel at y = 9.2, where 2^-66 is left: right to 2^-60 of it.
 */
function upperTail(y: number): bigint {
  const x = BigInt(y * 2 ** Number(BITS)),
    square = (x * x) >> BITS;
  let sum = 0n;
  for (let power = x, k = 0n; power !== 0n; power = -((power * square) >> BITS) / (2n * ++k)) {
    sum += power / (2n * k + 1n);
  }
  return (1n << (BITS - 1n)) - ((DENSITY_AT_0 * sum) >> BITS);
}

const density = (y: number): number => Math.exp((-y * y) / 2) / Math.sqrt(2 * Math.PI);

/** y minus the quantile at the distance v from its end: to first order, of which the second is 2^-15 at most. */
function errorOf(y: number, v: bigint): number {
  return Number(v - upperTail(Math.abs(y))) / 2 ** Number(BITS) / density(y);
}

/** v 2^bits where the centre ends. */
function centreEnd(bits: number): bigint {
  const v = (1 - Math.sqrt(1 - Math.exp(-NORMAL_TAIL_FROM))) / 2;
  return BigInt(Math.round(v * 2 ** 32)) << BigInt(bits - 32);
}

/** Distances m from the end of `bits` bits: the ends, the changes from polynomial to polynomial, some of each binade. */
function distances(bits: number): bigint[] {
  const u = generator(1);
  const half = 2n ** BigInt(bits - 1);
  const changes = [0n, half >> 23n, centreEnd(bits), half];
  const around = changes.flatMap((m) => Array.from({ length: 80 }, (_, i) => m + BigInt(i - 40)));
  const within = Array.from({ length: (bits === 32 ? 160 : 80) * bits }, (_, i) => {
    const random = (BigInt(Math.floor(u() * 2 ** 32)) << 32n) | BigInt(Math.floor(u() * 2 ** 32));
    // every other one in the four binades where 94 % of the draws are
    const binade = 1n << BigInt(i % 2 ? (i >> 1) % bits : bits - 1 - ((i >> 1) % 4));
    return (binade | (random & (binade - 1n))) >> 1n;
  });
  return [...around, ...within].filter((m) => m >= 0n && m < half);
}

describe.each<[Dtype, number]>([
  ['f32', 32],
  ['f64', 64],
])('%s', (dtype, bits) => {
  const all = 2n ** BigInt(bits) - 1n;

  /** The distance v of a word from its end, with the extension word of the flat element where an f32 takes one. */
  function distanceOf(x: bigint, element: number): bigint {
    let m = x > all >> 1n ? all - x : x,
      size = BigInt(bits);
    if (dtype === 'f32' && m < 256n) {
      m = (m << 32n) | BigInt(philox(element, 0, 0, DOMAIN_EXTENSION, 7, 9)[0]);
      size = 64n;
    }
    return (2n * m + 1n) << (BITS - size - 1n);
  }

  test('is within 4 ULP of max(1, |y|) of the quantile, on both sides and both backends', () => {
    const x = distances(bits).flatMap((m) => [m, all - m]);
    const words = wordsOf(dtype, x);
    const draws = drawsOf(dtype, words);
    expect(drawsOf(dtype, words, backends.js)).toEqual(draws);
    let [worst, relative, at] = [0, 0, 0];
    draws.forEach((y, i) => {
      expect(y > 0).toBe(x[i]! > all >> 1n);
      const error = Math.abs(errorOf(y, distanceOf(x[i]!, i)));
      if (!(error / unitOf(dtype, y) <= worst)) [worst, at] = [error / unitOf(dtype, y), y];
      relative = Math.max(relative, error / ulpOf(dtype, y));
    });
    console.log(
      `normal ${dtype}: ${x.length} words, error ${worst.toFixed(3)} ULP of max(1, |y|) at y = ${at}, ` +
        `${relative.toFixed(3)} ULP of y`,
    );
    expect(worst).toBeLessThanOrEqual(4);
    expect(relative).toBeLessThanOrEqual(5);
  });

  test('is odd: the complement of a word gives the negative, bit by bit', () => {
    const x = distances(bits);
    const [below, above] = [x, x.map((m) => all - m)].map((side) => drawsOf(dtype, wordsOf(dtype, side)));
    expect(above).toEqual(below!.map((y) => -y));
  });

  test('is finite, not 0, and as far out as the words', () => {
    const draws = drawsOf(dtype, wordsOf(dtype, [0n, all, all >> 1n, (all >> 1n) + 1n]));
    expect([...draws].every((y) => Number.isFinite(y) && y !== 0)).toBe(true);
    expect(Math.max(...draws)).toBeLessThan(9.16);
    expect(draws[1]).toBeGreaterThan(dtype === 'f32' ? 6.2 : 9.155); // Q(2^-32), Q(2^-65)
    // beside the median, y = sqrt(2 pi) (u - 1/2)
    expect(draws[3]! / (Math.sqrt(2 * Math.PI) * 2 ** -(bits + 1))).toBeCloseTo(1, 6);
  });

  test('falls nowhere by more than 2 ULP of max(1, |y|) from word to word', () => {
    // from behind the extension words, around the changes, in the bulk, across the median
    const at = (u: number): bigint => BigInt(u * 2 ** 32) << BigInt(bits - 32);
    const starts = [4352n, all >> 24n, centreEnd(bits), at(1 / 64), at(0.125), at(0.1875), at(0.25), all >> 1n];
    let [falls, most] = [0, 0];
    for (const start of starts) {
      const x = Array.from({ length: 8192 }, (_, i) => start + BigInt(i - 4096)).filter((v) => v >= 256n);
      const draws = drawsOf(dtype, wordsOf(dtype, x));
      for (let i = 1; i < draws.length; i++) {
        const fall = (draws[i - 1]! - draws[i]!) / unitOf(dtype, draws[i]!);
        if (fall > 0) falls++;
        most = Math.max(most, fall);
      }
    }
    console.log(`normal ${dtype}: ${falls} falls from word to word, by up to ${most.toFixed(2)} ULP of max(1, |y|)`);
    expect(most).toBeLessThanOrEqual(2);
  });

  test('rises from every 4096th word to the next', () => {
    let last = -Infinity;
    for (let start = 0; start < 2 ** 32; start += 2 ** 24) {
      const words = new Uint32Array((4096 * bits) / 32);
      for (let i = 0; i < 4096; i++) words[(i * bits) / 32] = start + 4096 * i;
      for (const y of drawsOf(dtype, words)) {
        if (!(y > last)) throw new Error(`${y} after ${last}`);
        last = y;
      }
    }
  });
});

// ---- The distribution ----

/** P(N < y) = 1/2 + density(y) (y + y^3 / 3 + y^5 / 15 + ...): Abramowitz and Stegun 26.2.11. */
function cumulative(y: number): number {
  let sum = 0;
  for (let term = y, k = 3; sum + term !== sum; term *= (y * y) / k, k += 2) sum += term;
  return 0.5 + density(y) * sum;
}

/**
 * Kolmogorov and Smirnov: sqrt(n) D above 2.8 has probability 2 exp(-2 2.8^2) = 3.1e-7 in each of the four tests, 1.3e-6
 * together were the key not fixed. With n = 2^20 every distribution function that is off by 2.8 / 512 somewhere would
 * fail with certainty: a mean of 0.014, a deviation of 1.023.
 */
describe.each(['wasm', 'js'] as const)('%s', (backend) => {
  test.each(['float32', 'float64'] as const)('%s draws are normal', (dtype) => {
    init({ backend });
    const n = 2 ** 20;
    const draws = dtype === 'float32' ? random.normal(key(11), n) : random.normal(key(12), n, { dtype: 'float64' });
    let most = 0;
    draws.sort().forEach((y, i) => {
      const p = cumulative(y);
      most = Math.max(most, Math.abs(p - i / n), Math.abs(p - (i + 1) / n));
    });
    console.log(`normal ${dtype} ${backend}: sqrt(n) D = ${(most * Math.sqrt(n)).toFixed(3)}`);
    expect(most * Math.sqrt(n)).toBeLessThan(2.8);
  });
});
