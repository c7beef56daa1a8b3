import compressed from '../../build/anymax.wasm';
import { decodeLzma } from './lzma.ts';

/**
 * What the wasm backend is made of: here the bytes that come with the code. The other entries of the package have
 * another file in this one's place (scripts/build.mjs): module.workerd.ts, module.edge_light.ts, module.none.ts.
 */
export function wasmModule(): WebAssembly.Module {
  const text = atob(compressed);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i); // measured: a tenth of the time of Uint8Array.from
  return new WebAssembly.Module(decodeLzma(bytes));
}
