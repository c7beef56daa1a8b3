import { text, unpacker } from '../../../build/anymax.wasm';
import { unpack } from './unpack.ts';

/**
 * The module of the kernels: here of the bytes that come with the code. The other entries of the package have another file
 * of this folder in this one's place (scripts/build.mjs). `names`: those of the kernels, which the mirror has too; the text has none.
 */
export function wasmModule(names: readonly string[]): WebAssembly.Module {
  return new WebAssembly.Module(unpack(text, unpacker, names));
}
