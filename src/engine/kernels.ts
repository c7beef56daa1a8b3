import type * as doubles from '../js/f64.ts';
import type * as either from '../js/index.ts';

type NotKernels = 'attach';

/**
 * The kernels that each dtype has: their type is that of the mirror in src/js, and the wasm exports have the same
 * (test/kernels/mirror.test.ts).
 */
export type Kernels = Omit<typeof either, NotKernels>;
/** Those of f64: what is rounded once at the end is computed in f64 whatever the dtype. */
export type Doubles = Omit<typeof doubles, NotKernels>;

/** Kernels of another entry of the package, to be had over the memory of a backend: the mirror, and where the wasm comes from. */
export interface Extension {
  readonly mirror: Mirror;
  /** `names`: those of its kernels (kernelNames in wasm.ts). */
  wasm(names: readonly string[]): WebAssembly.Module;
}

/** Tables of the mirror, which have to be told of their memory. */
export interface Mirror {
  readonly f32: { attach(memory: ArrayBuffer): void };
  readonly f64: { attach(memory: ArrayBuffer): void };
}

/** Two tables of kernels over one memory. */
export interface Backend {
  readonly name: 'wasm' | 'js';
  readonly f32: Kernels;
  readonly f64: Doubles;
  /** The first byte that is free. */
  readonly base: number;
  /** The memory, grown to `bytes` at least; the same buffer as before where it was large enough. */
  memory(bytes: number): ArrayBuffer;
  /** The kernels of an extension. Throws where there is no wasm for a backend of wasm. */
  extend(extension: Extension): { readonly f32: object; readonly f64: object };
}
