/**
 * What a mutant of src/js has to pass: a sample of the mirror test's calls, whose bits on wasm are given as hashes, and the
 * golden hashes of all ops. scripts/mutate.mjs bundles it with the mutant.
 */
import * as anymax from '../../src/index.ts';
import { jsBackend } from '../../src/engine/js.ts';
import type { Backend, Kernels } from '../../src/engine/kernels.ts';
import { backendOf } from '../../src/engine/wasm.ts';
import { kernelCases } from '../kernels.ts';
import { conformance, differences } from '../runtimes/conformance.ts';
import golden from '../runtimes/golden.json' with { type: 'json' };

const SIZE = 1 << 24;
/** Of the calls of lengths up to 600, one in so many. */
const LONGEST = 600;
const EVERY = 11;

/** The hash of what each call of the sample writes, and of the bytes behind. */
function* hashes(backend: Backend): Iterable<[call: string, hash: number]> {
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

/** The hashes that the mirror has to give. */
export function expected(exports: WebAssembly.Exports): number[] {
  return Array.from(hashes(backendOf(exports)), ([, hash]) => hash);
}

/** The first thing that a mutant does otherwise; undefined where nothing is seen. */
export function check(wanted: readonly number[]): string | undefined {
  let index = 0;
  for (const [call, hash] of hashes(jsBackend())) if (hash !== wanted[index++]) return call;
  return differences(conformance(anymax).js, golden)[0];
}
