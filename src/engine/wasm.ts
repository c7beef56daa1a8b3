import type { Backend, Doubles, Singles } from './kernels.ts';

const PAGE = 65536;

/** The SIMD kernels of assembly/. Throws where WebAssembly, SIMD or the compilation of code is not to be had. */
export function wasmBackend(module: WebAssembly.Module): Backend {
  return backendOf(new WebAssembly.Instance(module).exports);
}

/** The backend of an instance. */
export function backendOf(exports: WebAssembly.Exports): Backend {
  const memory = exports.memory as WebAssembly.Memory;
  return {
    name: 'wasm',
    f32: kernelsOf(exports, 'f32') as Singles,
    f64: kernelsOf(exports, 'f64') as Doubles,
    base: (exports.heap_base as WebAssembly.Global).value,
    memory(bytes) {
      const missing = bytes - memory.buffer.byteLength;
      if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
      return memory.buffer;
    },
  };
}

/** The exports of a dtype under their names without it; those of words belong to both. */
function kernelsOf(exports: WebAssembly.Exports, dtype: 'f32' | 'f64'): unknown {
  const suffix = new RegExp(`_(${dtype}|u32)$`);
  const kernels = Object.entries(exports).filter(([name]) => suffix.test(name));
  return Object.fromEntries(kernels.map(([name, kernel]) => [name.replace(suffix, ''), kernel]));
}
