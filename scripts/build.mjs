// assembly/ -> build/anymax.wasm (+ .wat, and a debug build with asserts) -> dist/: the entries as ESM, one declaration
// file, the .wasm; and build/size/: the entries minified, as size-limit measures them.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { build, transform } from 'esbuild';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';
import { dtypes } from './dtypes.mjs';

/** The entries of the package: each is src/index.ts with another file in place of src/engine/module.ts. */
const ENTRIES = {
  index: 'module.ts',
  workerd: 'module.workerd.ts',
  'edge-light': 'module.edge_light.ts',
  js: 'module.none.ts',
};

/** `arena` is for dist/threads.js alone: the declarations do not name it. */
const ENTRY = `export * from './index.ts'; export { arena } from './engine/backend.ts';`;

const run = (tool, ...args) => execFileSync('npx', ['--no-install', tool, ...args], { stdio: 'inherit' });

/** Puts `file` in the place of module.ts, and leaves imports of ./anymax.wasm as they are: a runtime resolves them. */
const supply = (file) => ({
  name: 'supply',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^\.\/module\.ts$/ }, ({ resolveDir, kind }) => resolve(`./${file}`, { resolveDir, kind }));
    onResolve({ filter: /^\.\/anymax\.wasm(\?module)?$/ }, ({ path }) => ({ path, external: true }));
  },
});

/**
 * Readable: names and lines stay, for stack traces and for whoever steps into it; applications minify. Syntax is
 * minified since only that folds BYTES, and with it the branches of the other dtype.
 */
async function bundle(name, file) {
  const result = await build({
    stdin: { contents: ENTRY, resolveDir: 'src', loader: 'ts' },
    bundle: true,
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    minifySyntax: true,
    write: false,
    plugins: file === 'module.ts' ? [dtypes] : [supply(file), dtypes],
  });
  const code = result.outputFiles[0].text;
  writeFileSync(`dist/${name}.js`, code);
  const minified = await transform(code, { minify: true, format: 'esm', target: 'es2022' });
  writeFileSync(`build/size/${name}.js`, minified.code);
}

/** What anymax/threads is made of: it uses the default entry as applications do, so that both are one package. */
const threads = {
  name: 'threads',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\.\/(index|engine\/backend)\.ts$/ }, () => ({ path: './index.js', external: true }));
  },
};

async function bundleThreads() {
  await build({
    entryPoints: { threads: 'src/threads/pool.ts', threads_worker: 'src/threads/worker.ts' },
    outdir: 'dist',
    bundle: true,
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    plugins: [threads],
  });
  const external = /\/src\/index\.ts$/;
  const bundled = await rollup({
    input: 'src/threads/pool.ts',
    external: (id) => external.test(id) || id === '../index.ts',
    plugins: [dts({ tsconfig: 'tsconfig.build.json' })],
  });
  await bundled.write({ file: 'dist/threads.d.ts', paths: (id) => (external.test(id) ? './index.js' : id) });
}

/** The public declarations in one file: nothing internal is there to be imported, or to break. */
async function declare() {
  const bundled = await rollup({ input: 'src/index.ts', plugins: [dts({ tsconfig: 'tsconfig.build.json' })] });
  await bundled.write({ file: 'dist/index.d.ts' });
}

/** What an import that is not used leaves in an application. */
async function unused() {
  await build({
    stdin: { contents: `import { softmax } from './dist/index.js'; console.log('hello');`, resolveDir: '.' },
    outfile: 'build/size/unused.js',
    bundle: true,
    format: 'esm',
    minify: true,
  });
}

mkdirSync('build/size', { recursive: true });
run('asc', '--target', 'release');
run('asc', '--target', 'debug');

rmSync('dist', { recursive: true, force: true });
mkdirSync('dist');
copyFileSync('build/anymax.wasm', 'dist/anymax.wasm');
await Promise.all([...Object.entries(ENTRIES).map(([name, file]) => bundle(name, file)), bundleThreads(), declare()]);
await unused();
