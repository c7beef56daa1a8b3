/**
 * The kernels with words of one's choice: `exponential`, `gumbel`, `logistic` and `uniform` of these backends take the
 * 1024 words that lie at their argument `words`, where those of the package first put a block of the key's words.
 * Nothing else differs: both trees are compiled as they are but for the function `block` of random/philox.ts, which
 * returns at once. Flat elements, and with them extension words, are counted as ever.
 */
import asc from 'assemblyscript/asc';
import { build } from 'esbuild';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { dtypes } from '../../scripts/dtypes.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const HEADS = [
  'static block(dst: usize, count: i32, block: u64, k0: u32, k1: u32): void {',
  'export function block(dst: number, count: number, block: number, k0: number, k1: number): void {',
];

/** The source of random/philox.ts, of either tree, without blocks. */
function withoutBlocks(path) {
  const source = readFileSync(path, 'utf8');
  const head = HEADS.find((text) => source.includes(text));
  if (head === undefined) throw new Error(`${path}: no function block as this file knows it`);
  return source.replace(head, `${head}\n    if (count >= 0) return;`);
}

/** The wasm module as bytes. */
export async function wordsWasm() {
  const files = new Map();
  const { error, stderr } = await asc.main(
    ['--target', 'release', '-O3', '--baseDir', root, '--outFile', 'words.wasm'],
    {
      readFile(name, baseDir) {
        const path = `${baseDir}/${name}`;
        try {
          return name.endsWith('assembly/random/philox.ts') ? withoutBlocks(path) : readFileSync(path, 'utf8');
        } catch (cause) {
          if (cause.code === 'ENOENT') return null;
          throw cause;
        }
      },
      writeFile: (name, contents) => void files.set(name, contents),
      listFiles: () => [],
    },
  );
  if (error) throw new Error(`asc: ${stderr.toString()}`, { cause: error });
  return files.get('words.wasm');
}

/** An ES module that exports jsBackend (the mirror) and wasmBackend, and what `more` says. */
export async function wordsModule(more = '') {
  const { outputFiles } = await build({
    stdin: {
      contents: `export { jsBackend } from './src/engine/js.ts'; export { wasmBackend } from './src/engine/wasm.ts'; ${more}`,
      resolveDir: root,
    },
    bundle: true,
    format: 'esm',
    target: 'es2022',
    loader: { '.wasm': 'empty' },
    write: false,
    plugins: [
      {
        name: 'words',
        setup: ({ onLoad }) =>
          onLoad({ filter: /src\/js\/random\/philox\.ts/, namespace: 'dtypes' }, ({ path }) => ({
            contents: withoutBlocks(path.replace(/\?.*/, '')),
            loader: 'ts',
            resolveDir: `${root}src/js/random`,
            pluginData: { id: path },
          })),
      },
      dtypes,
    ],
  });
  return outputFiles[0].text;
}

/** Runs the text of an ES module. */
export function load(text) {
  return import(/* @vite-ignore */ `data:text/javascript;base64,${Buffer.from(text).toString('base64')}`);
}
