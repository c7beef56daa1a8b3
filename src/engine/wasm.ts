import { checkWasm, wasmError } from './check.ts';
import { jsBackend } from './js.ts';
import type { Backend, Doubles, Kernels } from './kernels.ts';

const PAGE = 65536;
type Kernel = (...args: never[]) => unknown;
type Table = Record<string, Kernel>;
/** Kernels by dtype, of whatever backend. */
type Tables = { readonly f32: object; readonly f64: object };

const DTYPES = ['f32', 'f64'] as const;

/** The names of all kernels with their dtypes, in order: in a wasm they are the names of its functions. */
export function kernelNames(mirror: Tables): string[] {
  const names = DTYPES.flatMap((dtype) => Object.keys(mirror[dtype]).map((name) => `${name}_${dtype}`));
  return names.filter((name) => !name.startsWith('attach')).sort();
}

/** The SIMD kernels of assembly/. Throws where WebAssembly, SIMD or the compilation of code is not to be had. */
export function wasmBackend(module: WebAssembly.Module): Backend {
  return backendOf(new WebAssembly.Instance(module).exports);
}

/** The backend of an instance. */
export function backendOf(exports: WebAssembly.Exports): Backend {
  const memory = exports.memory as WebAssembly.Memory;
  const { f32, f64 } = tablesOf(exports, jsBackend());
  return {
    name: 'wasm',
    f32: f32 as unknown as Kernels,
    f64: f64 as unknown as Doubles,
    base: (exports.heap_base as WebAssembly.Global).value,
    memory(bytes) {
      const missing = bytes - memory.buffer.byteLength;
      if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
      return memory.buffer;
    },
    extend: ({ wasm, mirror }) =>
      tablesOf(new WebAssembly.Instance(wasm(kernelNames(mirror)), { env: { memory } }).exports, mirror),
  };
}

/** The exports by dtype, under their names without it. */
function tablesOf(exports: WebAssembly.Exports, { f32, f64 }: Tables): { readonly f32: Table; readonly f64: Table } {
  return { f32: tableOf(exports, f32, 'f32'), f64: tableOf(exports, f64, 'f64') };
}

/** A copy of a table of the mirror: V8 makes it as a whole, where names that come one by one make many objects, or a hash table. Its `attach` is undefined. */
function tableOf(exports: WebAssembly.Exports, mirror: object, dtype: string): Table {
  const table: Table = { ...mirror };
  for (const name in table) table[name] = exports[`${name}_${dtype}`] as Kernel;
  return table;
}

/** What `make` gives or throws. */
export function attempt<T>(make: () => T): T | Error {
  try {
    return make();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/**
 * An instance of what `init` was given: a module, bytes or an instance. Returns the error where compilation is refused.
 *
 * @throws TypeError for other things; RangeError for wasm that is not the anymax.wasm of this version.
 */
export function instanceOf(wasm: unknown): WebAssembly.Instance | Error {
  const kind = checkWasm(wasm);
  if (kind === 'Instance') return checkExports(wasm as WebAssembly.Instance);
  const module =
    kind === 'Module' ? (wasm as WebAssembly.Module) : compile(wasm as ArrayBuffer | ArrayBufferView<ArrayBuffer>);
  if (module instanceof Error) return module;
  if (WebAssembly.Module.imports(module).length > 0) throw wasmError('it has imports');
  const instance = attempt(() => new WebAssembly.Instance(module));
  return instance instanceof Error ? instance : checkExports(instance);
}

function compile(source: ArrayBuffer | ArrayBufferView<ArrayBuffer>): WebAssembly.Module | Error {
  const bytes = ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source);
  if (String(bytes.subarray(0, 4)) !== '0,97,115,109') throw wasmError('its bytes do not begin like WebAssembly');
  return attempt(() => new WebAssembly.Module(bytes));
}

/** The same instance, if every kernel of the mirror is there with as many arguments. */
function checkExports(instance: WebAssembly.Instance): WebAssembly.Instance {
  const mirror = jsBackend();
  for (const name of kernelNames(mirror)) {
    const { length } = (mirror[name.slice(-3) as 'f32' | 'f64'] as unknown as Table)[name.slice(0, -4)]!;
    if ((instance.exports[name] as Kernel | undefined)?.length === length) continue;
    throw wasmError(`${name} is missing or takes other arguments`, 'softmax_f32' in instance.exports);
  }
  return instance;
}
