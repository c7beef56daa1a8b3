// One body, two dtypes: src/js is read once with BYTES = 4 and once with BYTES = 8. A dtype starts at one of the three
// files below and is handed on from importer to imported, as a query behind the path, inside src/js. Measured: with one
// copy that takes its rounding as an argument, V8 shares the type feedback of both dtypes and inlines nothing.
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { embed } from './embed.mjs';

const tree = fileURLToPath(new URL('../src/js/', import.meta.url));
const bytesFrom = new Map([
  [tree + 'f32.ts', '4'],
  [tree + 'f64.ts', '8'],
  [tree + 'math/double.ts', '8'],
]);
const QUERY = /\?bytes=([48])$/;

/** The path, with its dtype, of what `importer` names as `source`; undefined where no dtype is involved. */
function resolveDtype(source, importer) {
  if (importer === undefined || !source.startsWith('.')) return undefined;
  const file = importer.replace(QUERY, '');
  const bytes = bytesFrom.get(file) ?? QUERY.exec(importer)?.[1];
  const path = resolve(dirname(file), source);
  return bytes !== undefined && path.startsWith(tree) ? `${path}?bytes=${bytes}` : undefined;
}

/** The constants by name: a source that has them as literals is 0.7 KB less, gzipped, than one that names each. */
const constants = new Map(
  Array.from(
    readFileSync(new URL('../src/shared/constants.ts', import.meta.url), 'utf8').matchAll(
      /^export const (\w+) = ([^;]+);/gm,
    ),
    ([, name, value]) => [name, `(${value})`],
  ),
);

/** The TypeScript source of a path with a dtype: BYTES is a literal, for esbuild drops the other dtype as it reads. */
function loadDtype(id) {
  return readFileSync(id.replace(QUERY, ''), 'utf8')
    .replace(/^(?!import |export const BYTES).*$/gm, (line) => line.replace(/\bBYTES\b/g, QUERY.exec(id)[1]))
    .replace(/\bc\.(\w+)/g, (_, name) => constants.get(name));
}

/** For esbuild. */
export const dtypes = {
  name: 'dtypes',
  setup(build) {
    build.onResolve({ filter: /^\./ }, ({ path, importer, pluginData }) => {
      const id = resolveDtype(path, pluginData?.id ?? importer);
      return id && { path: id, namespace: 'dtypes', pluginData: { id } };
    });
    build.onLoad({ filter: /\.wasm$/ }, ({ path }) => ({ contents: embed(path) }));
    build.onLoad({ filter: QUERY, namespace: 'dtypes' }, ({ path }) => ({
      contents: loadDtype(path),
      loader: 'ts',
      resolveDir: dirname(path),
    }));
  },
};

/**
 * For vitest: the mirror comes as one bundle, as it is shipped. Measured: read module by module, where each use of an
 * import goes through an object, it is 2 to 9 times slower.
 */
export const viteDtypes = {
  name: 'dtypes',
  enforce: 'pre',
  async load(id) {
    if (id.endsWith('.wasm')) return embed(id);
    if (!id.endsWith('/src/engine/js.ts')) return undefined;
    const options = {
      bundle: true,
      format: 'esm',
      target: 'es2022',
      minifySyntax: true,
      sourcemap: 'inline',
      write: false,
    };
    const { outputFiles } = await build({ entryPoints: [id], plugins: [dtypes], ...options });
    return outputFiles[0].text;
  },
};
