// npm run test:pack: what a person does first. The tarball is installed in an empty folder, and used from ESM, from
// CommonJS by require(), and from TypeScript; nothing else is in it, and it brings nothing along.
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packedFolder, root, run, runChecks } from '../support/packed.mjs';

const folder = packedFolder('pack');

const USE = `
const p = anymax.softmax(Float32Array.of(1, 2, 3), 3);
const drawn = anymax.gumbelMax(anymax.key(1), new Float32Array(20), 4);
console.log(JSON.stringify([anymax.backend(), [...p], [...drawn]]));
`;
const SOURCES = {
  'esm.mjs': `import * as anymax from 'anymax';${USE}`,
  'cjs.cjs': `const anymax = require('anymax');${USE}`,
  'index.cjs': `const anymax = require('./node_modules/anymax/dist/index.cjs');${USE}`,
  'js.cjs': `const anymax = require('./node_modules/anymax/dist/js.cjs');${USE}`,
  'js.mjs': `import * as anymax from 'anymax/js';${USE}`,
};
const WASM = `import { readFileSync } from 'node:fs';
import { backend, init } from 'anymax/js';
import metadata from 'anymax/package.json' with { type: 'json' };
init({ backend: 'wasm', wasm: readFileSync(new URL(import.meta.resolve('anymax/anymax.wasm'))) });
console.log(metadata.name, backend());
`;
const TYPESCRIPT = `import { argmax, softmax } from 'anymax';
export const p: Float32Array = softmax(Float32Array.of(1, 2, 3), 3);
export const best: Int32Array = argmax(p, 3);
`;

/** What a script prints; Node's note that require(esm) was an experiment is not part of it. */
function printed(name, source) {
  writeFileSync(join(folder, name), source);
  return run(process.execPath, ['--disable-warning=ExperimentalWarning', name], { cwd: folder }).trim();
}

function same(name) {
  const [backend, ...values] = JSON.parse(printed(name, SOURCES[name]));
  const [, ...expected] = JSON.parse(printed('esm.mjs', SOURCES['esm.mjs']));
  if (JSON.stringify(values) !== JSON.stringify(expected)) throw new Error(`${name} gives ${JSON.stringify(values)}`);
  if (backend !== (name.startsWith('js.') ? 'js' : 'wasm')) throw new Error(`the backend is ${backend}`);
  return `same values on ${backend}`;
}

/** A process that imports the package and requires it has it once: an Rng of one is an Rng of the other. */
function once() {
  const source = `import { createRequire } from 'node:module'; import { Rng } from 'anymax';
console.log(createRequire(import.meta.url)('anymax').Rng === Rng);`;
  if (printed('once.mjs', source) !== 'true') throw new Error('the package is there twice');
  return 'one package';
}

function compiles(module, resolution, file = 'use.ts') {
  writeFileSync(join(folder, file), TYPESCRIPT);
  const options = ['--noEmit', '--strict', '--types', '', '--ignoreConfig', '--module', module];
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  run(process.execPath, [tsc, ...options, '--moduleResolution', resolution, file], { cwd: folder });
  return 'compiles';
}

function contents() {
  const files = readdirSync(join(folder, 'node_modules/anymax'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .toSorted();
  const entries = ['edge-light', 'index', 'js', 'workerd'].flatMap((name) =>
    ['js', 'core.js', 'tokens.js'].map((end) => `${name}.${end}`),
  );
  const threads = ['threads.d.ts', 'threads.js', 'threads_ops.js', 'threads_worker.js'];
  const commonJs = ['index', 'js'].flatMap((name) => ['cjs', 'core.cjs', 'tokens.cjs'].map((end) => `${name}.${end}`));
  const types = ['index', 'tokens'].flatMap((name) => [`${name}.d.ts`, `${name}.d.cts`]);
  const wanted = [
    'anymax.wasm',
    'tokens.wasm',
    'package.json',
    'tfjs.js',
    'tfjs.d.ts',
    ...types,
    ...entries,
    ...commonJs,
    ...threads,
  ];
  const more = files.filter((name) => !wanted.includes(name) && !['LICENSE', 'README.md'].includes(name));
  const missing = wanted.filter((name) => !files.includes(name));
  if (more.length > 0 || missing.length > 0) throw new Error(`too much: ${more}; missing: ${missing}`);
  const brought = readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'));
  if (brought.length > 1) throw new Error(`it brings ${brought}`);
  return files.join(', ');
}

await runChecks([
  ['contents', contents],
  ['ESM', () => same('esm.mjs')],
  ['CommonJS', () => same('cjs.cjs')],
  ['CommonJS beside ESM', once],
  ['the files for require', () => `${same('index.cjs')}, ${same('js.cjs')}`],
  ['anymax/js', () => same('js.mjs')],
  ['anymax/anymax.wasm', () => printed('wasm.mjs', WASM)],
  ['TypeScript, nodenext', () => compiles('nodenext', 'nodenext')],
  ['TypeScript, CommonJS', () => compiles('nodenext', 'nodenext', 'use.cts')],
  ['TypeScript, node16 CommonJS', () => compiles('node16', 'node16', 'use.cts')],
  ['TypeScript, bundler', () => compiles('esnext', 'bundler')],
]);
