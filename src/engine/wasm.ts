import { checkWasm, wasmError } from './check.ts';
import { jsBackend } from './js.ts';
import type { Backend, Doubles, Kernels } from './kernels.ts';

const PAGE = 65536;
type Kernel = (...args: never[]) => unknown;
type Table = Record<string, Kernel>;

/** What the mirror exports beside its kernels. */
const ONLY_MIRROR = ['attach', 'philox'];

/** The SIMD kernels of assembly/. Throws where WebAssembly, SIMD or the compilation of code is not to be had. */
export function wasmBackend(module: WebAssembly.Module): Backend {
  return backendOf(new WebAssembly.Instance(module).exports);
}

/** The backend of an instance. */
export function backendOf(exports: WebAssembly.Exports): Backend {
  const memory = exports.memory as WebAssembly.Memory;
  return {
    name: 'wasm',
    f32: kernelsOf(exports, '_f32') as unknown as Kernels,
    f64: kernelsOf(exports, '_f64') as unknown as Doubles,
    base: (exports.heap_base as WebAssembly.Global).value,
    memory(bytes) {
      const missing = bytes - memory.buffer.byteLength;
      if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
      return memory.buffer;
    },
  };
}

/** The exports of a dtype under their names without it; those of words belong to both. */
function kernelsOf(exports: WebAssembly.Exports, dtype: string): Table {
  const kernels: Table = {};
  for (const name in exports) {
    if (name.endsWith(dtype) || name.endsWith('_u32')) kernels[name.slice(0, -dtype.length)] = exports[name] as Kernel;
  }
  return kernels;
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
  const { f32, f64 } = jsBackend();
  for (const [dtype, mirror] of Object.entries({ _f32: f32, _f64: f64 })) {
    const kernels = kernelsOf(instance.exports, dtype);
    for (const [name, { length }] of Object.entries<Kernel>({ ...mirror })) {
      if (ONLY_MIRROR.includes(name) || kernels[name]?.length === length) continue;
      throw wasmError(`${name}${dtype} is missing or takes other arguments`, 'softmax_f32' in instance.exports);
    }
  }
  return instance;
}
