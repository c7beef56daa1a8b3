import * as f32 from '../js/f32.ts';
import * as f64 from '../js/f64.ts';
import type { Backend, Mirror } from './kernels.ts';

/** Bytes to begin with. */
const FIRST = 65536;

/** The mirror of the wasm kernels, on an ArrayBuffer of its own. */
export function jsBackend(): Backend {
  let buffer = new ArrayBuffer(0);
  const attached: Mirror[] = [];
  const attach = (mirror: Mirror): void => {
    mirror.f32.attach(buffer);
    mirror.f64.attach(buffer);
  };
  return {
    name: 'js',
    f32,
    f64,
    base: 16,
    memory(bytes) {
      if (bytes <= buffer.byteLength) return buffer;
      const larger = grown(bytes, buffer.byteLength);
      new Uint8Array(larger).set(new Uint8Array(buffer));
      // as in wasm: views of the memory before are detached, so that none of them is read by mistake
      globalThis.structuredClone?.(buffer, { transfer: [buffer] });
      buffer = larger;
      [{ f32, f64 }, ...attached].forEach(attach);
      return buffer;
    },
    extend({ mirror }) {
      attached.push(mirror);
      attach(mirror);
      return mirror;
    },
  };
}

/** Twice as large as before where that can be had: so all copies together are less than the memory. */
function grown(bytes: number, before: number): ArrayBuffer {
  try {
    return new ArrayBuffer(Math.max(bytes, 2 * before, FIRST));
  } catch {
    return new ArrayBuffer(bytes);
  }
}
