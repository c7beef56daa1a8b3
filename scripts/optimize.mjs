// asc's wasm, as it comes from the source -> the one that ships. Binaryen's own passes, which here inline only what is called
// once, go over it until nothing is gained: measured, 6 % less of compressed wasm than
// asc -O3 --converge leaves, at the same speed. Then the chains of hot loops take turns (interleave.mjs).
import { readFileSync, writeFileSync } from 'node:fs';
import binaryen from 'assemblyscript/binaryen';
import { normal } from './embed.mjs';
import { interleave } from './interleave.mjs';

/** Times over: a fifth one finds nothing. */
const ROUNDS = 4;
const CALLED_ONCE = 1000;

/**
 * Functions of hot loops, which load a constant once: Binaryen shares equal loads where it optimises for speed (local-cse), and
 * repeats them where it optimises for size. Measured: for size alone, exp, log and softmax take 1.04 times as long on Node 24
 * and 1.15 times on Node 20, entmax15 1.2 times; for speed alone, the wasm is 1.9 kB more in gzip.
 */
const FOR_SPEED = [
  'kernels/exp_f32',
  'entmax_single/Single.solve',
  'log/log<f32>',
  'gumbel/gumbel<f32>',
  'exponential/Exponential.slice<f32>',
  'exponentials/Exponentials.sum<f32>',
  'sparse/Sparse.newton<assembly/max/entmax15/Entmax15>',
];

/** Without references to functions and tail calls, through which Binaryen merges functions that are alike: not all engines have them. */
const { All, ReferenceTypes, GC, TailCall } = binaryen.Features,
  FEATURES = All & ~(ReferenceTypes | GC | TailCall);

/**
 * PATH.wasm -> PATH.wasm, which is embedded, and PATH.wat; returns the bytes of the file that ships. They differ in their locals alone:
 * the one has a local for each value, which makes 1.2 kB less of the text of streams.mjs; the other shares them, which makes 4 kB less
 * of the wasm. Engines give registers to values either way. `speed`: functions that are optimised for it. asc's `memoryBase` keeps
 * the first 1024 bytes free, so that offsets can go into loads.
 */
export function optimizeFile(path, speed = FOR_SPEED) {
  const module = binaryen.readBinary(readFileSync(`${path}.wasm`));
  module.setFeatures(FEATURES);
  binaryen.setLowMemoryUnused(true);
  binaryen.setOptimizeLevel(3);
  binaryen.setShrinkLevel(2);
  binaryen.setAlwaysInlineMaxSize(2);
  binaryen.setFlexibleInlineMaxSize(2);
  binaryen.setOneCallerInlineMaxSize(CALLED_ONCE);
  for (let i = 0; i < ROUNDS; i++) module.optimize();
  binaryen.setShrinkLevel(0);
  for (const name of speed.map((end) => nameOf(module, end))) {
    for (let i = 0; i < 2; i++) module.optimizeFunction(name);
  }
  binaryen.setGenerateStackIR(true);
  binaryen.setOptimizeStackIR(true);

  // passes from here on must not move code
  const finished = (...passes) => {
    const made = binaryen.parseText(exportsLast(oneSegment(interleave(module.emitStackIR()))));
    made.setFeatures(FEATURES);
    if (!made.validate()) throw new Error(`${path}.wasm is not valid after scripts/interleave.mjs`);
    made.runPasses(passes);
    return made;
  };
  const file = normal(finished('coalesce-locals', 'vacuum').emitBinary());
  module.runPasses(['ssa-nomerge', 'vacuum']);
  const embedded = finished();
  writeFileSync(`${path}.wat`, embedded.emitStackIR());
  writeFileSync(`${path}.wasm`, normal(embedded.emitBinary()));
  return file;
}

/** The constants as one segment: Binaryen makes 142 of it, whose heads take more than the zeros between them (measured: 0.4 kB in gzip). */
function oneSegment(source) {
  const segment = /^ \(data \S+ \(i32\.const (\d+)\) "(.*)"\)\n/gm,
    bytes = [];
  for (const [, at, text] of source.matchAll(segment)) {
    const [...characters] = text.matchAll(/\\([\da-f]{2})|\\?./g);
    characters.forEach(([character, hex], i) => {
      bytes[Number(at) + i] = hex
        ? parseInt(hex, 16)
        : (ESCAPES[character] ?? character.charCodeAt(character.length - 1));
    });
  }
  const first = bytes.findIndex((byte) => byte !== undefined),
    all = Array.from(bytes.slice(first), (byte = 0) => `\\${byte.toString(16).padStart(2, '0')}`);
  let segments = 0;
  return source.replace(segment, () => (segments++ === 0 ? ` (data $0 (i32.const ${first}) "${all.join('')}")\n` : ''));
}

const ESCAPES = { '\\t': 9, '\\n': 10, '\\r': 13 };

/** The functions that are exported last, by their names: so the text of the wasm needs not say which they are. */
function exportsLast(source) {
  const [head, ...functions] = source.replace(/\n\)\s*$/, '\n').split(/^(?= \(func )/m),
    exports = [...head.matchAll(/\(export "(\w+)" \(func (\S+)\)\)/g)].sort(([, a], [, b]) => (a < b ? -1 : 1)),
    names = exports.map(([, , name]) => name),
    place = (text) => names.indexOf(/\$\S+/.exec(text)[0]);
  return `${head}${functions.sort((a, b) => place(a) - place(b)).join('')})`;
}

/** The function whose name ends so. */
function nameOf(module, end) {
  for (let i = 0; i < module.getNumFunctions(); i++) {
    const { name } = binaryen.getFunctionInfo(module.getFunctionByIndex(i));
    if (name.endsWith(`/${end}`)) return name;
  }
  throw new Error(`FOR_SPEED in scripts/optimize.mjs: there is no function ${end}`);
}
