import type * as mirror from '../js/index.ts';

/** The kernels of one dtype: their type is that of the mirror in src/js, and the wasm exports have the same (test/mirror.test.ts). */
export type Kernels = Omit<typeof mirror, 'attach' | 'philox'>;

/** Two tables of kernels over one memory. */
export interface Backend {
  readonly name: 'wasm' | 'js';
  readonly f32: Kernels;
  readonly f64: Kernels;
  /** The first byte that is free for inputs, outputs and scratch. */
  readonly base: number;
  /** The memory, grown to `bytes` at least; the same buffer as before where it was large enough. */
  memory(bytes: number): ArrayBuffer;
}
