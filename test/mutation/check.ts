/**
 * What a mutant of src/js has to pass: a sample of the mirror test's calls, whose bits on wasm are given as hashes, and the
 * golden hashes of all ops. scripts/mutate.mjs bundles it with the mutant.
 */
import * as anymax from '../../src/index.ts';
import { jsBackend } from '../../src/engine/js.ts';
import type { Backend, Kernels } from '../../src/engine/kernels.ts';
import { backendOf } from '../../src/engine/wasm.ts';
import { kernelCases } from '../tables/kernels.ts';
import { conformance, differences } from '../runtimes/conformance.ts';
import golden from '../runtimes/golden.json' with { type: 'json' };

const SIZE = 1 << 24;
/** Of the calls of lengths up to 600, one in so many. */
const LONGEST = 600;
const EVERY = 11;

const NOISE = ['uniform', 'exponential', 'gumbel', 'logistic', 'normal'] as const;
/** Words of the key 0 among which the rare ones are looked for, and how many of each binade are taken. */
const WORDS = 2 ** 28;
const EACH = 6;

/** Where the words of the key 0 are near an end: some of each binade, on either side. */
function tailsOf(backend: Backend): number[] {
  const length = 2 ** 20,
    words = Math.ceil(backend.base / 64) * 64,
    to = words + 65_536;
  const drawn = new Int32Array(backend.memory(to + 4 * length + 64), to, length);
  const found = new Map<number, number>(),
    tails: number[] = [];
  for (let first = 0; first < WORDS; first += length) {
    backend.f32.bits(to, length, first, 0, 0, words);
    for (let i = 0; i < length; i++) {
      const m = (drawn[i]! ^ (drawn[i]! >> 31)) >>> 0;
      if (m >= 2 ** 24) continue;
      const binade = 2 * Math.clz32(m) + Number(drawn[i]! < 0),
        count = found.get(binade) ?? 0;
      found.set(binade, count + 1);
      if (count < EACH) tails.push(first + i);
    }
  }
  return tails;
}

/** The hash of what each call of the sample writes, and of the bytes behind. */
function* hashes(backend: Backend, tails: readonly number[]): Iterable<[call: string, hash: number]> {
  const base = Math.ceil(backend.base / 64) * 64,
    buffer = backend.memory(base + SIZE);
  for (const dtype of ['f32', 'f64'] as const) {
    for (const [name, makeCases] of Object.entries(kernelCases(dtype, LONGEST))) {
      let index = 0;
      for (const { label, inputs, output, kind, guard, args } of makeCases()) {
        if (index++ % EVERY !== 0) continue;
        new Uint8Array(buffer, base + output.at, guard + 64 - output.at).fill(0xa5);
        for (const { at, values } of inputs) {
          new Uint8Array(buffer, base + at).set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
        }
        (backend[dtype][name as keyof Kernels] as (...args: number[]) => void)(...args(base));
        yield [`${name} ${dtype} ${label}`, hashOf(buffer, base + output.at, output.length, kind, base + guard)];
      }
    }
  }
  const [words, to] = [base, base + 65_536];
  for (const dtype of ['f32', 'f64'] as const) {
    for (const name of NOISE) {
      for (const tail of tails) {
        const first = dtype === 'f32' ? tail : Math.floor(tail / 2);
        new Uint8Array(buffer, to, 128).fill(0xa5);
        backend[dtype][name](to, 1, first, 0, 0, words);
        yield [`${name} ${dtype} at ${first}`, hashOf(buffer, to, 1, dtype, to + (dtype === 'f32' ? 4 : 8))];
      }
    }
  }
}

/** FNV-1a of the values' words, every NaN as the same one, and of the 64 bytes behind. */
function hashOf(buffer: ArrayBuffer, at: number, length: number, kind: 'f32' | 'f64' | 'i32', guard: number): number {
  const values = new { f32: Float32Array, f64: Float64Array, i32: Int32Array }[kind](buffer, at, length).slice();
  for (let i = 0; i < length; i++) if (values[i] !== values[i]) values[i] = NaN;
  let hash = 0x811c9dc5;
  for (const words of [new Int32Array(values.buffer), new Uint8Array(buffer, guard, 64)]) {
    for (let i = 0; i < words.length; i++) {
      hash = Math.imul(hash ^ words[i]!, 0x01000193);
      hash ^= hash >>> 15;
    }
  }
  return hash;
}

/** What the mirror has to give. */
export interface Expected {
  readonly tails: readonly number[];
  readonly hashes: readonly number[];
}

export function expected(exports: WebAssembly.Exports): Expected {
  const backend = backendOf(exports),
    tails = tailsOf(backend);
  return { tails, hashes: Array.from(hashes(backend, tails), ([, hash]) => hash) };
}

/** The first thing that a mutant does otherwise; undefined where nothing is seen. */
export function check({ tails, hashes: wanted }: Expected): string | undefined {
  let index = 0;
  for (const [call, hash] of hashes(jsBackend(), tails)) if (hash !== wanted[index++]) return call;
  return differences(conformance(anymax).js, golden)[0];
}
