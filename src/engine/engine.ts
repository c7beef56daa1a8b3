import type { Backend, Doubles, Extension, Kernels } from './kernels.ts';
import { F64, type Kind } from './kind.ts';
import { Memory } from './memory.ts';
import { attempt } from './wasm.ts';

/** The kernels of both dtypes. */
type Tables = { readonly f32: Kernels; readonly f64: Doubles };

/** The kernels of one dtype. */
export function kernelsOf({ f32, f64 }: Tables, kind: Kind): Doubles {
  return kind === F64 ? f64 : (f32 as unknown as Doubles);
}

/** Values of an input and of a result that are few. */
export const FEW = 32;
/**
 * Bytes that suffice a call of any op on one input with so few. Measured: with them there, the first call of a process takes
 * 0.7 ms less.
 */
export const FEW_BYTES = 24576;

/** A backend and its memory, of which one block serves every call: it grows to the largest one and stays. */
export class Engine {
  readonly memory: Memory;
  /** The block: `bytes` is -1 where the memory for one could not be had. */
  start = 0;
  bytes = -1;
  /** The kernels of extensions, or why there are none. */
  private readonly extended = new Map<Extension, Tables | Error>();

  constructor(readonly backend: Backend) {
    this.memory = new Memory(backend);
    this.reserve(FEW_BYTES);
  }

  /** The kernels of an extension, made on first use; why there are none. */
  extend(extension: Extension): Tables | Error {
    let tables = this.extended.get(extension);
    if (tables === undefined) {
      tables = attempt(() => this.backend.extend(extension) as Tables);
      this.extended.set(extension, tables);
    }
    return tables;
  }

  /** Those of an extension that there are. */
  tables(extension: Extension): Tables {
    return this.extend(extension) as Tables;
  }

  /** Makes the block so large. */
  reserve(bytes: number): void {
    const before = this.bytes;
    this.bytes = -1;
    // given back first, so that it grows in its place where nothing lies behind it
    if (before >= 0) this.memory.release(this.start, before);
    this.start = this.memory.allocate(bytes);
    this.bytes = bytes;
  }
}
