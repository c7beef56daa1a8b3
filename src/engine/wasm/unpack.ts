/** Where texts lie in the memory of the unpacker, behind its tables. */
const TEXT = 2304;

/**
 * The wasm of a text that scripts/embed.mjs made. `unpacker` is the wasm of scripts/unpack.ts, `names` are those of the functions that
 * are exported, in order. Measured: as JavaScript, which nothing has compiled yet in the first call of a process, it takes two to three
 * times as long.
 */
export function unpack(text: string, unpacker: readonly number[], names: readonly string[]): Uint8Array<ArrayBuffer> {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(unpacker)));
  const bytes = new Uint8Array((exports.memory as WebAssembly.Memory).buffer);
  const put = (from: string, at: number): number => {
    if (globalThis.TextEncoder) new TextEncoder().encodeInto(from, bytes.subarray(at));
    else for (let i = 0; i < from.length; i++) bytes[at + i] = from.charCodeAt(i);
    return at + from.length;
  };
  const start = put(`${names.join(' ')} `, TEXT);
  type Unpack = (from: number, end: number) => number;
  type Join = (names: number, from: number, end: number) => number;
  const streams = (exports.unpack as Unpack)(start, put(text, start));
  return bytes.subarray(streams, (exports.join as Join)(TEXT, start, streams));
}
