/** What happens where something is missing: WebAssembly, the right to compile it, memory, randomness, a clock. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createContext, runInContext, runInNewContext } from 'node:vm';
import type * as Anymax from 'anymax';
import binaryen from 'assemblyscript/binaryen';
import { build, type Format } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { dtypes } from '../../scripts/dtypes.mjs';

/** The package, not used before. */
async function fresh(): Promise<typeof Anymax> {
  vi.resetModules();
  return import('anymax');
}

/** An application of the sources as one script. */
async function bundled(source: string, format: Format): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: fileURLToPath(new URL('../..', import.meta.url)), loader: 'ts' },
    bundle: true,
    write: false,
    format,
    globalName: 'result',
    plugins: [dtypes],
  });
  return outputFiles[0]!.text;
}

const folder = mkdtempSync(join(tmpdir(), 'anymax-failures-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** Says everything that can be said of a backend that may not be had. */
const ABOUT = `
import * as anymax from './src/index.ts';
const drawn = Array.from(anymax.gumbelMax(anymax.key(5), anymax.random.gumbel(anymax.key(6), 400), 20));
let forced = '';
try { anymax.init({ backend: 'wasm' }); } catch (error) { forced = error.constructor.name + ': ' + error.message; }
const again = Array.from(anymax.gumbelMax(anymax.key(5), anymax.random.gumbel(anymax.key(6), 400), 20));
export const said = JSON.stringify({ backend: anymax.backend(), reason: String(anymax.fallbackReason()), forced, drawn, again });
`;

interface Said {
  readonly backend: string;
  readonly reason: string;
  readonly forced: string;
  readonly drawn: number[];
  readonly again: number[];
}

async function expectFallback(said: Said, reason: RegExp): Promise<void> {
  const { gumbelMax, key, random, backend } = await fresh();
  expect(backend()).toBe('wasm');
  const drawn = Array.from(gumbelMax(key(5), random.gumbel(key(6), 400), 20));
  expect(said.backend).toBe('js');
  expect(said.reason).toMatch(reason);
  expect(said.forced).toMatch(/^Error: backend 'wasm' is not available here: /);
  expect(said.forced).toMatch(reason);
  expect(said.drawn).toEqual(drawn);
  expect(said.again).toEqual(drawn);
}

describe('where wasm cannot be had, JS gives the same bits, says why, and forced wasm throws', () => {
  test('a vm context without code generation', async () => {
    const context = createContext({ TextEncoder }, { codeGeneration: { strings: false, wasm: false } });
    runInContext(await bundled(ABOUT, 'iife'), context);
    const said = runInContext('result.said', context) as string;
    await expectFallback(JSON.parse(said) as Said, /code generation disallowed by embedder/);
  });

  test('node --jitless, which has no WebAssembly', async () => {
    const file = join(folder, 'jitless.mjs');
    writeFileSync(file, `${await bundled(ABOUT, 'esm')}\nconsole.log(said);`);
    const said = execFileSync(process.execPath, ['--jitless', file], { encoding: 'utf8' });
    await expectFallback(JSON.parse(said) as Said, /WebAssembly is not defined/);
  });

  test('wasm without SIMD: an engine that rejects the module', async () => {
    vi.spyOn(WebAssembly, 'Module').mockImplementation(function reject() {
      throw new WebAssembly.CompileError('invalid opcode 0xfd');
    });
    const { backend, fallbackReason, init } = await fresh();
    expect(backend()).toBe('js');
    expect(fallbackReason()).toBeInstanceOf(WebAssembly.CompileError);
    expect(() => init({ backend: 'wasm' })).toThrow("backend 'wasm' is not available here: ");
  });
});

test('compilation is tried once, however often and in whichever way it is asked for', async () => {
  const Module = vi.spyOn(WebAssembly, 'Module').mockImplementation(function refuse() {
    throw new WebAssembly.CompileError('refused');
  });
  const { argmax, backend, fallbackReason, init, softmax } = await fresh();
  for (let i = 0; i < 5; i++) {
    softmax(new Float32Array(6), 3);
    argmax(new Float64Array(6), 3);
    expect(backend()).toBe('js');
    expect(fallbackReason()?.message).toBe('refused');
    init();
    expect(() => init({ backend: 'wasm' })).toThrow(/refused/);
    init({ backend: 'js' });
    expect(fallbackReason()).toBeUndefined();
    init({ backend: 'auto' });
  }
  expect(Module).toHaveBeenCalledTimes(1);
});

test('importing compiles nothing; the first call does', async () => {
  const Module = vi.spyOn(WebAssembly, 'Module');
  const { key, Rng, softmax, split } = await fresh();
  new Rng(1).next();
  split(key('a'));
  expect(Module).not.toHaveBeenCalled();
  softmax(new Float32Array(6), 3);
  expect(Module).toHaveBeenCalledTimes(2); // what decodes the wasm, and the wasm
  softmax(new Float64Array(6), 3);
  expect(Module).toHaveBeenCalledTimes(2);
});

describe('init({ wasm }) takes', () => {
  const bytes = readFileSync(new URL('../../build/anymax.wasm', import.meta.url));

  test.each([
    ['bytes', () => bytes],
    ['an ArrayBuffer', () => new Uint8Array(bytes).buffer],
    ['a DataView', () => new DataView(new Uint8Array(bytes).buffer)],
    ['a module', () => new WebAssembly.Module(bytes)],
    ['a module of another realm', () => runInNewContext('new WebAssembly.Module(bytes)', { bytes }) as object],
    ['an instance', () => new WebAssembly.Instance(new WebAssembly.Module(bytes))],
    [
      'an instance of another realm',
      () => runInNewContext('new WebAssembly.Instance(new WebAssembly.Module(bytes))', { bytes }) as object,
    ],
  ])('%s', async (_, make) => {
    const { backend, init, softmax } = await fresh();
    init({ backend: 'wasm', wasm: make() });
    expect(backend()).toBe('wasm');
    expect(Array.from(softmax(Float64Array.of(0, 0), 2))).toEqual([0.5, 0.5]);
  });

  test('an instance where nothing is compiled synchronously', async () => {
    const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes));
    for (const name of ['Module', 'Instance'] as const) {
      vi.spyOn(WebAssembly, name).mockImplementation(function refuse() {
        throw new RangeError(`WebAssembly.${name} is disallowed on the main thread`);
      });
    }
    const { backend, fallbackReason, init, softmax } = await fresh();
    expect(backend()).toBe('js');
    init({ wasm: instance });
    expect(backend()).toBe('wasm');
    expect(fallbackReason()).toBeUndefined();
    expect(Array.from(softmax(Float32Array.of(0, 0), 2))).toEqual([0.5, 0.5]);
  });

  test('an instance again, without losing what lives in its memory', async () => {
    const { alloc, init, softmax } = await fresh();
    const wasm = new WebAssembly.Instance(new WebAssembly.Module(bytes));
    init({ wasm });
    const resident = alloc(Float32Array, 1000);
    resident.view.fill(7);
    init({ backend: 'js' });
    init({ wasm });
    softmax(new Float32Array(1000), 10);
    const other = alloc(Float32Array, 1000);
    other.view.fill(8);
    expect(resident.view.every((value) => value === 7)).toBe(true);
  });

  test.each([
    ['a Promise of a module', () => WebAssembly.compile(bytes), 'Promise'],
    ['what instantiate gives', () => ({ instance: {}, module: {} }), 'Object'],
    ['null', () => null as unknown as object, 'null'],
    ['an address', () => 'anymax.wasm' as unknown as object, '"anymax.wasm"'],
  ])('not %s: a TypeError', async (_, make, name) => {
    const { init } = await fresh();
    const message = `wasm must be a WebAssembly.Module, a WebAssembly.Instance or the bytes of anymax.wasm, got ${name}`;
    for (const backend of ['auto', 'wasm', 'js'] as const) {
      expect(() => init({ backend, wasm: make() })).toThrow(new TypeError(message));
    }
  });

  describe('no other wasm: a RangeError', () => {
    const compile = (module: binaryen.Module) => new WebAssembly.Module(module.emitBinary() as Uint8Array<ArrayBuffer>);
    const moduleOf = (text: string) => compile(binaryen.parseText(text));
    /** As an earlier version: without this kernel, or with one that takes two arguments. */
    function older(kernel: string, withTwo: boolean): WebAssembly.Module {
      const module = binaryen.readBinary(bytes);
      module.removeExport(kernel);
      const two = binaryen.createType([binaryen.i32, binaryen.i32]);
      module.addFunction('two', two, binaryen.none, [], module.nop());
      if (withTwo) module.addFunctionExport('two', kernel);
      return compile(module);
    }

    test.each([
      ['an empty module', () => moduleOf('(module)'), /^wasm is not anymax.wasm: \w+ is missing/],
      [
        'an empty instance',
        () => new WebAssembly.Instance(moduleOf('(module)')),
        /^wasm is not anymax.wasm: \w+ is missing/,
      ],
      ['an import', () => moduleOf('(module (import "a" "b" (func)))'), /^wasm is not anymax.wasm: it has imports/],
      ['a page', () => Buffer.from('<!doctype html>'), /^wasm is not anymax.wasm: its bytes/],
      ['no bytes', () => new Uint8Array(0), /^wasm is not anymax.wasm: its bytes/],
      [
        'one without a kernel',
        () => new WebAssembly.Instance(older('entmax15_f32', false)),
        /^wasm is not anymax.wasm of this version: entmax15_f32 is/,
      ],
      [
        'other arguments',
        () => older('hardmax_f64', true),
        /^wasm is not anymax.wasm of this version: hardmax_f64 is missing or takes/,
      ],
    ])('%s', async (_, make, message) => {
      const { backend, init } = await fresh();
      for (const chosen of ['auto', 'wasm', 'js'] as const) {
        const call = () => init({ backend: chosen, wasm: make() });
        expect(call).toThrow(RangeError);
        expect(call).toThrow(message);
      }
      expect(backend()).toBe('wasm');
    });
  });

  test('bytes that this place refuses to compile: forced it throws, otherwise JS says why', async () => {
    const Module = vi.spyOn(WebAssembly, 'Module').mockImplementation(function refuse() {
      throw new WebAssembly.CompileError('refused');
    });
    const { backend, fallbackReason, init } = await fresh();
    expect(() => init({ backend: 'wasm', wasm: bytes })).toThrow("backend 'wasm' is not available here: refused");
    init({ wasm: bytes });
    expect(backend()).toBe('js');
    expect(fallbackReason()?.message).toBe('refused');
    expect(Module).toHaveBeenCalledTimes(2);
  });
});

/** A row that does not fit into what memory there is, then one that does. */
async function expectMemoryError(anymax: typeof Anymax): Promise<void> {
  const n = 300_000;
  const x = new Float32Array(n).fill(1);
  const out = new Float32Array(n).fill(7);
  const indices = new Int32Array(1).fill(7);
  const rng = new anymax.Rng(1);
  for (const call of [
    () => anymax.softmax(x, n, { out }),
    () => anymax.softmax(x, n, { out: x }),
    () => anymax.gumbelMax(rng, x, n, { out: indices }),
  ]) {
    expect(call).toThrow(RangeError);
    expect(call).toThrow(/^cannot allocate [1-9]\d{6} bytes$/);
  }
  expect(x.every((v) => v === 1)).toBe(true);
  expect(out.every((v) => v === 7)).toBe(true);
  expect(indices[0]).toBe(7);
  expect(Array.from(anymax.softmax(Float32Array.of(0, 0), 2))).toEqual([0.5, 0.5]);
  expect(anymax.softmax(new Float32Array(1_000_000), 10)[999_999]).toBeCloseTo(0.1);
}

describe('where memory cannot grow: a RangeError with the size, nothing changed, and the next call works', () => {
  const limit = 1_500_000;

  test('wasm', async () => {
    // oxlint-disable-next-line typescript/unbound-method
    const grow = WebAssembly.Memory.prototype.grow;
    vi.spyOn(WebAssembly.Memory.prototype, 'grow').mockImplementation(function limited(
      this: WebAssembly.Memory,
      pages,
    ) {
      if (this.buffer.byteLength + 65536 * pages > limit) throw new RangeError('Maximum memory size exceeded');
      return grow.call(this, pages);
    });
    const anymax = await fresh();
    anymax.init({ backend: 'wasm' });
    await expectMemoryError(anymax);
  });

  test('JS', async () => {
    const Real = ArrayBuffer;
    const anymax = await fresh();
    anymax.init({ backend: 'js' });
    vi.stubGlobal(
      'ArrayBuffer',
      class extends Real {
        constructor(bytes: number) {
          if (bytes > limit) throw new RangeError('Array buffer allocation failed');
          super(bytes);
        }
      },
    );
    await expectMemoryError(anymax);
  });

  test('wasm, of an engine that itself sets the limit', async () => {
    const source = `
      import { backend, softmax } from './src/index.ts';
      const x = new Float32Array(1 << 20);
      let error;
      try { softmax(x, x.length); } catch (e) { error = e; }
      const p = softmax(Float32Array.of(0, 0), 2);
      console.log(JSON.stringify([backend(), error instanceof RangeError, error?.message, String(error?.cause), [...p]]));
    `;
    const file = join(folder, 'limit.mjs');
    writeFileSync(file, await bundled(source, 'esm'));
    const said = execFileSync(process.execPath, ['--wasm-max-mem-pages=32', file], { encoding: 'utf8' });
    const [backend, isRangeError, message, cause, p] = JSON.parse(said) as unknown[];
    expect([backend, isRangeError, p]).toEqual(['wasm', true, [0.5, 0.5]]);
    expect(message).toMatch(/^cannot allocate \d{7} bytes$/);
    expect(cause).toMatch(/RangeError/);
  });
});

describe('the global scope of an edge function, without randomness and clock', () => {
  const refuse = (): never => {
    throw new Error('Disallowed operation called within global scope');
  };
  const getRandomValues = vi.fn<(words: Uint32Array) => Uint32Array>(refuse);

  beforeAll(() => {
    getRandomValues.mockClear();
  });
  beforeEach(() => {
    vi.stubGlobal('crypto', { getRandomValues, randomUUID: refuse });
    vi.stubGlobal('performance', { now: refuse });
    vi.stubGlobal('Date', refuse);
    vi.stubGlobal('setTimeout', refuse);
    vi.spyOn(Math, 'random').mockImplementation(refuse);
  });

  test.each(['wasm', 'js'] as const)('%s: everything works but a seedless Rng, which waits', async (backend) => {
    const { init, key, random, Rng, softmax } = await fresh();
    init({ backend });
    const rng = new Rng();
    expect(softmax(Float32Array.of(0, 0), 2)[0]).toBe(0.5);
    expect(random.gumbel(key(1), 10)).toHaveLength(10);
    expect(random.uniform(new Rng('seed'), 10)).toHaveLength(10);
    expect(getRandomValues).not.toHaveBeenCalled();

    expect(() => rng.next()).toThrow('global scope');
    getRandomValues.mockImplementationOnce((words) => words.fill(5));
    const first = rng.next();
    expect(first).toEqual(new Rng((5n << 32n) | 5n).next());
    rng.next();
    expect(getRandomValues).toHaveBeenCalledTimes(2);
    getRandomValues.mockClear();
  });
});
