/** anymax/js, in Node: without wasm, and with the bytes of anymax/anymax.wasm given to it. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as anymax from 'anymax/js';
import { conformance } from '../conformance.ts';

if (process.argv[2] === 'bytes') {
  anymax.init({ wasm: readFileSync(fileURLToPath(import.meta.resolve('anymax/anymax.wasm'))) });
}
process.stdout.write(JSON.stringify(conformance(anymax)));
