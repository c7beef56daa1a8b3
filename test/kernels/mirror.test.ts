import { instantiateSync } from '@assemblyscript/loader';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { jsBackend } from '../../src/engine/js.ts';
import type { Backend, Kernels } from '../../src/engine/kernels.ts';
import { backendOf, kernelNames, wasmBackend } from '../../src/engine/wasm.ts';
import * as constants from '../../src/shared/constants.ts';
import { exportsOf } from '../../scripts/kernels.mjs';
import * as Scratch from '../../src/shared/scratch.ts';
import { type KernelCase, kernelCases, type Memory } from '../tables/kernels.ts';

const bytes = readFileSync(new URL('../../build/anymax.wasm', import.meta.url));
const wasm = wasmBackend(new WebAssembly.Module(bytes));
const js = jsBackend();
/** With AssemblyScript's own checks; the loader turns an abort into an Error with message and line. */
const debug = backendOf(
  instantiateSync<WebAssembly.Exports>(readFileSync(new URL('../../build/anymax.debug.wasm', import.meta.url))).exports,
);
const SIZE = 1 << 24;

/** The memory behind a backend's base, as the kernels see it. */
function memoryOf(backend: Backend): Memory {
  const base = Math.ceil(backend.base / 64) * 64;
  return { base, buffer: backend.memory(base + SIZE) };
}

/** The bits of a region, every NaN as the same one. */
function bitsOf({ buffer }: Memory, address: number, length: number, kind: 'f32' | 'f64' | 'i32'): string {
  const view = { f32: Float32Array, f64: Float64Array, i32: Int32Array }[kind];
  const values = new view(buffer, address, length);
  const copy = values.slice();
  for (let i = 0; i < copy.length; i++) if (copy[i] !== copy[i]) copy[i] = NaN;
  return Buffer.from(copy.buffer).toString('hex');
}

/** The names of each kernel's arguments, read off its source. */
const ARGUMENTS = new Map(
  readdirSync('assembly', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => exportsOf(readFileSync(`assembly/${file}`, 'utf8')))
    .map(({ name, text }) => [name, [...text.matchAll(/(\w+): \w+(?=[,)])/g)].map(([, argument]) => argument!)]),
);

/** The scratch of a call, as address and size. */
function scratchOf(
  name: string,
  dtype: 'f32' | 'f64',
  args: readonly number[],
): { at: number; size: number } | undefined {
  const names = ARGUMENTS.get(name)!,
    of = (...among: string[]): number => args[names.findIndex((argument) => among.includes(argument))] ?? 1;
  if (!names.includes('scratch')) return undefined;
  const size = (Scratch as Record<string, Scratch.Scratch>)[name]!;
  return { at: of('scratch'), size: size(of('n'), of('rows', 'count'), dtype === 'f32' ? 4 : 8, of('k', 'draws')) };
}

/** A call of a kernel on a backend: the bits of its output, and whether the bytes behind it and its scratch stayed. */
function run(
  backend: Backend,
  dtype: 'f32' | 'f64',
  name: string,
  call: KernelCase,
): { bits: string; behind: boolean } {
  const { inputs, output, kind, guard, args } = call;
  const memory = memoryOf(backend);
  const heap = new Uint8Array(memory.buffer, memory.base);
  heap.fill(0xa5, output.at, guard + 64);
  for (const { at, values } of inputs) {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    heap.set(bytes, at);
    heap.fill(0xa5, at + bytes.length, at + bytes.length + 64);
  }
  const kernel = backend[dtype][name as keyof Kernels] as (...args: number[]) => void;
  const given = args(memory.base),
    scratch = scratchOf(name, dtype, given);
  // full of NaN in either dtype, with what is there already behind it
  if (scratch !== undefined) {
    new Uint8Array(memory.buffer, scratch.at, scratch.size).fill(0xff);
    new Uint8Array(memory.buffer, scratch.at + scratch.size, 64).fill(0xa5);
  }
  kernel(...given);
  const guards = [memory.base + guard, ...(scratch === undefined ? [] : [scratch.at + scratch.size])];
  return {
    bits: bitsOf(memory, memory.base + output.at, output.length, kind),
    behind: guards.every((at) => Buffer.from(memory.buffer, at, 64).every((byte) => byte === 0xa5)),
  };
}

test('the backends have the same kernels with the same number of arguments', () => {
  const exports = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
  const arity = (kernels: object): Record<string, number> =>
    Object.fromEntries(
      Object.entries(kernels)
        .filter(([name, kernel]) => typeof kernel === 'function' && name !== 'attach')
        .map(([name, kernel]) => [name, kernel.length]),
    );
  expect(arity(wasm.f32)).toEqual(arity(js.f32));
  expect(arity(wasm.f64)).toEqual(arity(js.f64));
  const names = Object.keys(exports).filter((name) => !['memory', 'heap_base'].includes(name));
  expect(names.toSorted()).toEqual(kernelNames(js));
});

test('every constant of f32 is an f32: the mirror takes it as it is', () => {
  const singles = Object.entries(constants)
    .filter(([name]) => name.endsWith('_F32') && !name.includes('BITS'))
    .flatMap(([, value]) => value);
  expect(singles.length).toBeGreaterThan(30);
  expect(singles.filter((value) => Math.fround(value) !== value)).toEqual([]);
});

for (const dtype of ['f32', 'f64'] as const) {
  const cases = kernelCases(dtype);
  test(`${dtype}: every kernel has a case`, () => {
    const names = Object.keys(wasm[dtype]).filter((name) => name !== 'attach');
    expect(Object.keys(cases).toSorted()).toEqual(names.toSorted());
  });

  describe.each(Object.entries(cases))(`${dtype} %s`, (name, makeCases) => {
    test('gives the same bits, and writes nothing else', () => {
      let compared = 0;
      for (const call of makeCases()) {
        const [of, mirrored] = [wasm, js].map((backend) => run(backend, dtype, name, call));
        if (of!.bits !== mirrored!.bits) throw new Error(`${name}_${dtype} differs for ${call.label}`);
        expect([of!.behind, mirrored!.behind], `bytes behind the output and the scratch, ${call.label}`).toEqual([
          true,
          true,
        ]);
        compared += call.output.length;
      }
      expect(compared).toBeGreaterThan(1000);
    });

    test('the debug build finds nothing to assert, and gives the same bits', () => {
      let index = 0;
      for (const call of makeCases()) {
        if (index++ % 16 !== 0 || call.output.length > 5000) continue;
        if (run(debug, dtype, name, call).bits !== run(wasm, dtype, name, call).bits) {
          throw new Error(`${name}_${dtype} of the debug build differs for ${call.label}`);
        }
      }
    });
  });
}
