import { unpacker } from '../../../../build/anymax.wasm';
import { text } from '../../../../build/tokens.wasm';
import { unpack } from '../unpack.ts';

/** The module of the kernels of anymax/tokens: as ../embedded.ts. */
export function tokensModule(names: readonly string[]): WebAssembly.Module {
  return new WebAssembly.Module(unpack(text, unpacker, names));
}
