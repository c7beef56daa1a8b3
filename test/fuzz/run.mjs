// npm run test:fuzz -- --calls N --seed S [--case I]: random calls of every op, each made in several ways that must give the
// same bits, and compared with a formula. A failure is told with the command that repeats it alone.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { root } from '../support/packed.mjs';

const { values } = parseArgs({
  options: {
    calls: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    case: { type: 'string' },
  },
});
const [calls, seed] = [Number(values.calls), Number(values.seed)];
/** After so many failures a run ends. */
const MOST = 20;

const folder = join(root, 'build/fuzz');
mkdirSync(folder, { recursive: true });
const outfile = join(folder, 'fuzz.mjs');
await build({ entryPoints: [join(root, 'test/fuzz/fuzz.ts')], outfile, bundle: true, format: 'esm', platform: 'node' });
const { runCase, unlisted } = await import(outfile);
const library = await import('anymax');
const { pool } = await import('anymax/threads');

const names = unlisted(library);
if (names.length > 0) throw new Error(`test/fuzz/ops.ts does not agree with the package about ${names.join(', ')}`);

/** The first byte that an array of a fresh memory has. */
function baseOf(backend, options) {
  library.init({ backend, ...options });
  const first = library.alloc(Int32Array, 1),
    { byteOffset } = first.view;
  first.free();
  return byteOffset;
}
const module = new WebAssembly.Module(readFileSync(join(root, 'dist/anymax.wasm')));
const base = { js: baseOf('js', {}), wasm: baseOf('wasm', { wasm: module }) };
const bench = { library, pool: await pool({ threads: 2 }), module, base };

const first = values.case === undefined ? 0 : Number(values.case);
const end = values.case === undefined ? calls : first + 1;
const failures = [];
const began = performance.now();
for (let i = first; i < end && failures.length < MOST; i++) {
  const failure = await runCase(bench, seed, i);
  if (failure === undefined) continue;
  failures.push(failure);
  console.error(`npm run test:fuzz -- --seed ${seed} --case ${i}\n  ${failure}`);
}
await bench.pool.close();
const seconds = ((performance.now() - began) / 1000).toFixed(0);
console.log(
  `${end - first} cases of seed ${seed} in ${seconds} s: ${failures.length === 0 ? 'none fails' : `${failures.length} fail`}`,
);
process.exitCode = failures.length === 0 ? 0 : 1;
