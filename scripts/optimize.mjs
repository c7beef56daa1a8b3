// asc's wasm, as it comes from the source -> the one that ships. Binaryen's own passes, which here inline only what is called
// once, go over it until nothing is gained: measured, 6 % less of compressed wasm than
// asc -O3 --converge leaves, at the same speed. Then the chains of hot loops take turns (interleave.mjs).
import { readFileSync, writeFileSync } from 'node:fs';
import binaryen from 'assemblyscript/binaryen';
import { interleave } from './interleave.mjs';

/** Times over: a fifth one finds nothing. */
const ROUNDS = 4;
const CALLED_ONCE = 1000;

/** PATH.wasm -> PATH.wasm and PATH.wat. asc's `memoryBase` keeps the first 1024 bytes free, so that offsets can go into loads. */
export function optimizeFile(path) {
  const module = binaryen.readBinary(readFileSync(`${path}.wasm`));
  module.setFeatures(binaryen.Features.All);
  binaryen.setLowMemoryUnused(true);
  binaryen.setOptimizeLevel(3);
  binaryen.setShrinkLevel(0);
  binaryen.setAlwaysInlineMaxSize(2);
  binaryen.setFlexibleInlineMaxSize(2);
  binaryen.setOneCallerInlineMaxSize(CALLED_ONCE);
  for (let i = 0; i < ROUNDS; i++) module.optimize();
  binaryen.setGenerateStackIR(true);
  binaryen.setOptimizeStackIR(true);

  const { text, names } = interleave(module.emitStackIR());
  const interleaved = binaryen.parseText(text);
  interleaved.setFeatures(binaryen.Features.All);
  // passes from here on must not move code: these save locals
  for (const name of names) interleaved.runPassesOnFunction(name, ['coalesce-locals', 'vacuum']);
  if (!interleaved.validate()) throw new Error(`${path}.wasm is not valid after scripts/interleave.mjs`);
  writeFileSync(`${path}.wat`, interleaved.emitStackIR());
  writeFileSync(`${path}.wasm`, interleaved.emitBinary());
}
