/** What the accuracy test measures with: both backends, samples, and the tally of the greatest errors. */
import { readFileSync } from 'node:fs';
import { key } from 'anymax';
import { expect } from 'vitest';
import { jsBackend } from '../../src/engine/js.ts';
import type { Backend, Kernels } from '../../src/engine/kernels.ts';
import { wasmBackend } from '../../src/engine/wasm.ts';
import { type Arithmetic, doubles, fixed } from '../oracles/arithmetic.ts';
import { claims, type Dtype } from './table.ts';
import { load, wordsModule, wordsWasm } from './words.mjs';

export type Floats = Float32Array | Float64Array;
export type NoiseOp = 'uniform' | 'exponential' | 'gumbel' | 'logistic';
export type Name = 'wasm' | 'js';

export const BACKENDS: readonly Name[] = ['wasm', 'js'];
const FLOATS = { f32: Float32Array, f64: Float64Array };
export const KEY = key(20240607);

// ---- The tally ----

const tally = new Map<string, { error: number; at: string; told: boolean }>();

/** Counts an error; `at` says where it is, should it be the greatest. NaN is greater than everything. */
export function count(op: string, dtype: Dtype, backend: Name, error: number, at: () => string): void {
  const name = `${op} ${dtype} ${backend}`;
  const worst = tally.get(name)?.error ?? -1;
  if (!(error <= worst) && worst === worst) tally.set(name, { error, at: at(), told: false });
}

/** Holds the tally of an op against its claim, each greatest error once. */
export function settle(op: string, dtype: Dtype): void {
  const { bound } = claims.find((claim) => claim.op === op && claim.dtype === dtype)!;
  for (const backend of BACKENDS) {
    const worst = tally.get(`${op} ${dtype} ${backend}`)!;
    if (worst.told) continue;
    worst.told = true;
    const { error, at } = worst;
    expect.soft(error, `${op} ${dtype} on ${backend}, at ${at}`).toBeLessThanOrEqual(bound);
  }
}

/** The table of the greatest errors of what was measured, each with its bound. */
export function report(): string {
  const digits = (error: number | undefined): string =>
    (error === undefined ? '-' : error < 1e-3 ? error.toExponential(2) : error.toFixed(3)).padStart(9);
  const measured = claims.filter(({ op, dtype }) => BACKENDS.some((name) => tally.has(`${op} ${dtype} ${name}`)));
  const lines = measured.map(({ op, dtype, unit, bound }) => {
    const [wasm, js] = BACKENDS.map((backend) => tally.get(`${op} ${dtype} ${backend}`));
    const cells = [op.padEnd(19), dtype, digits(wasm?.error), digits(js?.error), digits(bound), unit.padEnd(19)];
    return [...cells, wasm?.at].join('  ');
  });
  const head = ['op'.padEnd(24), '     wasm', '       js', '    bound', 'unit'.padEnd(19), 'where (wasm)'].join('  ');
  return ['Greatest errors measured', head, ...lines].join('\n');
}

// ---- References ----

/** Runs `measure` with the arithmetic of a dtype's references. */
export function withReference(dtype: Dtype, measure: <V>(a: Arithmetic<V>) => void): void {
  if (dtype === 'f32') measure(doubles);
  else measure(fixed256);
}

const fixed256 = fixed(256);

/** |got - ref|, NaN unless finite */
export function distance<V>(a: Arithmetic<V>, got: number, ref: V): number {
  return Number.isFinite(got) ? Math.abs(a.number(a.minus(a.of(got), ref))) : NaN;
}

// ---- Samples ----

/** Uniform on [0, 1): mulberry32, a generator of the tests' own. */
export function uniforms(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function normals(seed: number): () => number {
  const u = uniforms(seed);
  return () => Math.sqrt(-2 * Math.log(1 - u())) * Math.cos(2 * Math.PI * u());
}

/** Specials, the ends of every binade and `each` values within, of either sign, and `dense` more from low to high. */
export function floats(dtype: Dtype, each: number, low: number, high: number, dense: number): Floats {
  const u = uniforms(1);
  const values: number[] = [0, Infinity, NaN, Math.SQRT1_2, Math.SQRT2];
  const [least, greatest, bits] = dtype === 'f32' ? [-149, 127, 23] : [-1074, 1023, 52];
  for (let e = least; e <= greatest; e++) {
    values.push(2 ** e, (2 - 2 ** -bits) * 2 ** e, (1 + 2 ** -bits) * 2 ** e);
    for (let i = 0; i < each; i++) values.push((1 + u() + u() / 2 ** 32) * 2 ** e);
  }
  const others = values.map((x) => -x);
  for (let i = 0; i < dense; i++) others.push(low + (high - low) * (u() + u() / 2 ** 32));
  return FLOATS[dtype].from([...values, ...others]);
}

/** n values of a dtype. */
export function make(dtype: Dtype, n: number, value: (i: number) => number): Floats {
  const x = new FLOATS[dtype](n);
  for (let i = 0; i < n; i++) x[i] = value(i);
  return x;
}

// ---- Backends ----

/** A backend with room for 2^20 elements and the words of a block. */
export class Machine {
  private readonly words: number;
  private readonly src: number;
  private readonly dst: number;
  private readonly memory: ArrayBuffer;

  constructor(readonly backend: Backend) {
    this.words = (backend.base + 63) & ~63;
    this.src = this.words + 2 ** 14;
    this.dst = this.src + 2 ** 23 + 64;
    this.memory = backend.memory(this.dst + 2 ** 23 + 64);
  }

  /** A map to as many elements. */
  map(dtype: Dtype, x: Floats, kernel: (kernels: Kernels, src: number, dst: number, n: number) => void): Floats {
    new FLOATS[dtype](this.memory, this.src, x.length).set(x);
    kernel(this.backend[dtype], this.src, this.dst, x.length);
    return new FLOATS[dtype](this.memory, this.dst, x.length).slice();
  }

  /** Words of KEY from word `first` on. */
  bits(n: number, first: number): Uint32Array {
    this.backend.f32.bits(this.dst, n, first, KEY.low, KEY.high, this.words);
    return new Uint32Array(this.memory, this.dst, n);
  }

  /** Draws of KEY from flat element `first` on. */
  draw(op: NoiseOp, dtype: Dtype, n: number, first: number): Floats {
    this.backend[dtype][op](this.dst, n, first, KEY.low, KEY.high, this.words);
    return new FLOATS[dtype](this.memory, this.dst, n).slice();
  }

  /** The draws of chosen words, an f64 of two: of a machine that takes them. Draw i is of flat element first + i. */
  feed(op: NoiseOp, dtype: Dtype, words: Uint32Array, first: number): Floats {
    const perDraw = dtype === 'f32' ? 1 : 2,
      perBlock = 1024 / perDraw;
    const draws = new FLOATS[dtype](words.length / perDraw);
    for (let i = 0; i < draws.length; i += perBlock) {
      const block = words.subarray(i * perDraw, i * perDraw + 1024);
      new Uint32Array(this.memory, this.words, 1024).set(block);
      draws.set(this.draw(op, dtype, block.length / perDraw, first + i), i);
    }
    return draws;
  }
}

/** The backends of the package as they are, and those whose words are chosen. */
export async function machines(): Promise<Record<'own' | 'chosen', Record<Name, Machine>>> {
  const bytes = readFileSync(new URL('../../build/anymax.wasm', import.meta.url));
  const chosen = await load(await wordsModule());
  return {
    own: { wasm: new Machine(wasmBackend(new WebAssembly.Module(bytes))), js: new Machine(jsBackend()) },
    chosen: {
      wasm: new Machine(chosen.wasmBackend(new WebAssembly.Module((await wordsWasm()) as BufferSource))),
      js: new Machine(chosen.jsBackend()),
    },
  };
}
