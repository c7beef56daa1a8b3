// assembly/ -> build/anymax.wasm (+ .wat, and a debug build with asserts) and build/tokens.wasm -> dist/: the entries as ESM,
// one declaration file each, the .wasm; and build/size/: the entries minified, as size-limit measures them.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { build, transform } from 'esbuild';
import { rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';
import { withDocs } from './declarations.mjs';
import { dtypes } from './dtypes.mjs';
import { TOKENS_BYTES, writeKernels } from './kernels.mjs';
import { optimizeFile } from './optimize.mjs';

/** The entries of the package: each is src/index.ts with another file in place of src/engine/wasm/embedded.ts. */
const ENTRIES = {
  index: 'embedded',
  workerd: 'workerd',
  'edge-light': 'edge_light',
  js: 'none',
};

/** The same of what anymax/tokens has: an entry beside each of them, of the same engine. */
const TOKENS = { tokens: 'src/tokens/package.ts' };
const TOKENS_NAMES = ['addBias', 'allow', 'penalize', 'sampleTokens', 'truncate'];

/** What anymax/threads and anymax/tfjs take of the default entry, so that all are one package: the same classes, the same memory. */
const THREADS_OPS = { threads_ops: 'src/threads/package.ts' };

const run = (tool, ...args) => execFileSync('npx', ['--no-install', tool, ...args], { stdio: 'inherit' });

/** Takes the wasm from another file of src/engine/wasm, and leaves imports of ./anymax.wasm as they are: a runtime resolves them. */
const wasmFrom = (file) => ({
  name: 'wasm-from',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /\/embedded\.ts$/ }, ({ path, resolveDir, kind }) =>
      resolve(path.replace('embedded', file), { resolveDir, kind }),
    );
    onResolve({ filter: /^\.\/(anymax|tokens)\.wasm(\?module)?$/ }, ({ path }) => ({ path, external: true }));
  },
});

/**
 * An entry in two files: NAME.core.js holds every op, NAME.js the distributions and objectives, which are composed of them,
 * and names it all. Readable: names and lines stay, for stack traces and for whoever steps into it; applications minify.
 * Syntax is minified since only that folds BYTES, and with it the branches of the other dtype.
 */
async function bundle(name, file) {
  const { outputFiles } = await build({
    entryPoints: { [name]: 'src/index.ts', ops: 'src/ops.ts', ...TOKENS, ...(name === 'index' && THREADS_OPS) },
    chunkNames: `${name}.core`,
    splitting: true,
    outdir: 'dist',
    bundle: true,
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    minifySyntax: true,
    write: false,
    plugins: file === 'embedded' ? [dtypes] : [wasmFrom(file), dtypes],
  });
  for (const { path, text } of outputFiles.filter(({ path }) => basename(path) !== 'ops.js')) {
    const file = basename(path) === 'tokens.js' ? `${name}.tokens.js` : basename(path);
    const code = file === `${name}.tokens.js` ? exporting(text, TOKENS_NAMES) : text;
    writeFileSync(`dist/${file}`, code);
    const minified = await transform(code, { minify: true, format: 'esm', target: 'es2022' });
    writeFileSync(`build/size/${file}`, minified.code);
  }
}

/** A bundle that exports, of all that its entry reaches, these names alone. */
function exporting(text, names) {
  return text.replace(/\nexport \{([^}]*)\};\s*$/, (_, list) => {
    const exported = list.split(',').filter((entry) => names.includes(entry.trim().split(' as ').at(-1)));
    if (exported.length !== names.length) throw new Error(`exports ${exported.join()} of ${names.join()}`);
    return `\nexport {${exported.join()}\n};\n`;
  });
}

/**
 * For tools that know `require` alone, such as Jest. Node takes the ES modules whichever way it is asked (module-sync in
 * package.json), so that no process has the package twice.
 */
async function bundleCommonJs(name) {
  // the parts are those of the ES modules: one engine for all
  const parts = {
    name: 'parts',
    setup({ onResolve }) {
      onResolve({ filter: /\.core\.js$/ }, ({ path, kind }) =>
        kind === 'entry-point' ? undefined : { path: path.replace(/js$/, 'cjs'), external: true },
      );
    },
  };
  await build({
    entryPoints: [name, `${name}.core`, `${name}.tokens`].map((file) => `dist/${file}.js`),
    outdir: 'dist',
    outExtension: { '.js': '.cjs' },
    bundle: true,
    format: 'cjs',
    target: 'es2022',
    platform: 'neutral',
    plugins: [parts],
  });
}

/** The entries beside the default one: they take its ops from its files. */
async function bundleBeside() {
  const onePackage = {
    name: 'package',
    setup({ onResolve }) {
      const from = (filter, path) => onResolve({ filter }, () => ({ path, external: true }));
      from(/^(\.\/package|\.\.\/max\/max)\.ts$/, './threads_ops.js');
      from(/^\.\.\/tokens\/tokens\.ts$/, './index.tokens.js');
      from(/^\.\.\/(ops|objectives\/semi_supervised)\.ts$/, './index.js');
    },
  };
  await build({
    entryPoints: {
      threads: 'src/threads/pool.ts',
      threads_worker: 'src/threads/worker.ts',
      tfjs: 'src/tfjs/lift.ts',
    },
    outdir: 'dist',
    bundle: true,
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    plugins: [onePackage],
  });
  const minified = await transform(readFileSync('dist/tfjs.js', 'utf8'), { minify: true, format: 'esm' });
  writeFileSync('build/size/tfjs.js', minified.code);
}

/** The public declarations, one file an entry: nothing internal is there to be imported, or to break. */
async function declare() {
  const plugins = [dts({ tsconfig: 'tsconfig.build.json' })];
  const index = await rollup({ input: 'src/index.ts', plugins });
  await index.write({ file: 'dist/index.d.ts' });
  copyFileSync('dist/index.d.ts', 'dist/index.d.cts');
  const isTokens = (path) => path.endsWith('/tokens/tokens.ts');
  const isPublic = (path) => /\/(ops|objectives\/semi_supervised)\.ts$/.test(path);
  for (const [name, input] of Object.entries({ threads: 'src/threads/pool.ts', tfjs: 'src/tfjs/lift.ts' })) {
    const entry = await rollup({ input, external: (path) => isPublic(path) || isTokens(path), plugins });
    const paths = (path) => (isTokens(path) ? './tokens.js' : isPublic(path) ? './index.js' : path);
    await entry.write({ file: `dist/${name}.d.ts`, paths });
  }
  const tokens = await rollup({ input: 'src/tokens/tokens.ts', external: isPublic, plugins });
  for (const ending of ['js', 'cjs']) {
    const file = `dist/tokens.d.${ending === 'js' ? 'ts' : 'cts'}`;
    await tokens.write({ file, paths: (path) => (isPublic(path) ? `./index.${ending}` : path) });
  }
  for (const name of readdirSync('dist').filter((name) => /\.d\.c?ts$/.test(name))) {
    writeFileSync(`dist/${name}`, withDocs(readFileSync(`dist/${name}`, 'utf8')));
  }
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

/** The kernels of anymax/tokens: they import the memory, where the other wasm leaves them room for their constants. */
function buildTokens() {
  writeKernels('build/tokens.ts', true);
  const heapBase = (file, imports) =>
    new WebAssembly.Instance(new WebAssembly.Module(readFileSync(file)), imports).exports.heap_base.value;
  const end = heapBase('build/anymax.wasm');
  const options = '--runtime stub --noAssert --enable simd --importMemory --initialMemory 2 --use abort= --debug';
  const place = ['--memoryBase', String(end - TOKENS_BYTES), '--outFile', 'build/tokens.wasm'];
  run('asc', 'build/tokens.ts', '--config', 'none', ...options.split(' '), ...place);
  const file = optimizeFile('build/tokens', []);
  const memory = new WebAssembly.Memory({ initial: 2 });
  const used = heapBase('build/tokens.wasm', { env: { memory } });
  if (used > end) throw new Error(`TOKENS_BYTES in scripts/kernels.mjs: ${used - end} bytes are missing`);
  return file;
}

mkdirSync('build/size', { recursive: true });
run(
  'asc',
  'scripts/unpack.ts',
  '--config',
  'none',
  '--outFile',
  'build/unpack.wasm',
  ...'--runtime stub --noAssert -O3 --shrinkLevel 1 --initialMemory 4'.split(' '),
);
writeKernels('build/kernels.ts');
run('asc', '--target', 'release', '--debug'); // names of functions, for build/anymax.wat; the wasm is the same
const files = { anymax: optimizeFile('build/anymax') };
run('asc', '--target', 'debug');
files.tokens = buildTokens();

rmSync('dist', { recursive: true, force: true });
mkdirSync('dist');
for (const [name, bytes] of Object.entries(files)) writeFileSync(`dist/${name}.wasm`, bytes);
await Promise.all([...Object.entries(ENTRIES).map(([name, file]) => bundle(name, file)), bundleBeside(), declare()]);
await Promise.all([bundleCommonJs('index'), bundleCommonJs('js'), unused()]);
