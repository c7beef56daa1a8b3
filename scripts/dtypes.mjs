// One body, two dtypes: src/js is read once with BYTES = 4 and once with BYTES = 8. A dtype starts at one of the
// files below and is handed on from importer to imported, as a query behind the path, inside src/js. Measured: with one
// copy that takes its rounding as an argument, V8 shares the type feedback of both dtypes and inlines nothing.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { embed } from './embed.mjs';
import { inTurns } from './turns.mjs';

const tree = fileURLToPath(new URL('../src/js/', import.meta.url));
const bytesFrom = new Map([
  [tree + 'f32.ts', '4'],
  [tree + 'f64.ts', '8'],
  [tree + 'tokens/f32.ts', '4'],
  [tree + 'tokens/f64.ts', '8'],
  [tree + 'double.ts', '8'],
  [tree + 'math/double.ts', '8'],
  [tree + 'views.ts', '8'],
  [tree + 'math/weight.ts', '4'],
]);
/** What imports the mirror of both dtypes. */
const MIRROR = /\/src\/engine\/js(_tokens)?\.ts$/;
const QUERY = /\?bytes=([48])$/;

/** The path, with its dtype, of what `importer` names as `source`; undefined where no dtype is involved. */
function resolveDtype(source, importer) {
  if (importer === undefined || !source.startsWith('.')) return undefined;
  const file = importer.replace(QUERY, '');
  const bytes = bytesFrom.get(file) ?? QUERY.exec(importer)?.[1];
  const path = resolve(dirname(file), source);
  if (QUERY.test(path)) return path;
  return bytes !== undefined && path.startsWith(tree) ? `${path}?bytes=${bytesFrom.get(path) ?? bytes}` : undefined;
}

/** The constants of src/shared by name: a source that has them as literals is 0.7 KB less, gzipped, than one that names each. */
const shared = new URL('../src/shared/', import.meta.url);
const constants = new Map(
  readdirSync(shared)
    .flatMap((file) => [
      ...readFileSync(new URL(file, shared), 'utf8').matchAll(/^export const (\w+)[^=]* = ([^;]+);/gm),
    ])
    .map(([, name, value]) => [name, Math.fround(value) === Number(value) ? quotient(value) : `(${value})`]),
);

/** Where the variables of polynomials of f32 lie, a little wider than their intervals. */
const RANGES = {
  LOG_SHORT_F32: [0, 0.03],
  EXP_F32: [-0.35, 0.35],
  POWER_F32: [-0.35, 0.35],
  WEIGHT_F32: [-0.51, 0.51],
  LOG_F32: [0, 0.03],
  NORMAL_CENTRE_F32: [-2.26, 2.26],
};

/**
 * Horner's scheme for the coefficients of a name, as src/js/math/polynomial.ts has it, without array and loop. V8 inlines
 * only so many calls: f64 has none of `round`, which gives its argument (measured: gumbel of f64 1.5 times faster).
 */
function horner(name, t, bytes, monic) {
  const [last, ...rest] = coefficients(name).reverse();
  if (bytes === '8') return rest.reduce((p, c) => `(${p} * ${t} + ${c})`, monic ? `(${t} + ${last})` : last);
  const [low, high] = RANGES[name] ?? [-Infinity, Infinity];
  let range = monic ? [last + low, last + high] : [last, last];
  const step = (p, c) => {
    const ends = range.flatMap((p) => [p * low + c, p * high + c]);
    range = [Math.min(...ends), Math.max(...ends)];
    return roundedSum(`round(${p} * ${t})`, c, range);
  };
  return rest.reduce(step, monic ? roundedSum(t, last, range) : quotient(last));
}

const coefficients = (name) =>
  constants
    .get(name)
    .match(/-?\d[\d.e-]*/g)
    .map(Number);

/** `halves` of src/js/math/polynomial.ts in the same way. */
function halves(name, t, square) {
  const [p, q] = [0, 1].map((first) =>
    coefficients(name)
      .filter((_, j) => j % 2 === first)
      .reduceRight((sum, c) => `(${sum} * ${square} + ${c})`),
  );
  return `(${q} * ${t} + ${p})`;
}

/**
 * The f32 at x + c, which lies between `least` and `greatest`. Where they have one exponent, all f32 there are multiples of one
 * unit: adding a number so large that its last place is this unit, and taking it off, rounds (measured: exp 1.4 times faster).
 */
function roundedSum(x, c, [least, greatest]) {
  const exponent = Math.floor(Math.log2(least)),
    magic = 1.5 * 2 ** (exponent + 29);
  const same = least > 0 && greatest < 2 ** (exponent + 1) && magic + c - magic === c;
  return same ? `(${x} + ${quotient(magic + c)} - ${magic})` : `round(${x} + ${quotient(c)})`;
}

/** A float32 as 24 bits over a power of two, where its digits as a double are more: 0.3 kB less in gzip. V8 divides when it compiles. */
function quotient(value) {
  let over = 0;
  while (value * 2 ** over !== Math.trunc(value * 2 ** over)) over++;
  const bits = value * 2 ** over;
  return over > 0 && `${bits}/2**${over}`.length < `${value}`.length ? `(${bits} / 2 ** ${over})` : `${value}`;
}

/** The TypeScript source of a path with a dtype: BYTES is a literal, for esbuild drops the other dtype as it reads. */
function loadDtype(id) {
  const [, bytes] = QUERY.exec(id),
    file = id.replace(QUERY, '');
  const text = readFileSync(file, 'utf8')
    .replace(/^(?!import |export const BYTES).*$/gm, (line) => line.replace(/\bBYTES\b/g, bytes))
    .replace(/\b(polynomial|monic|unrounded)\(c\.(\w+), (\w+)\)/g, (_, scheme, name, t) =>
      horner(name, t, scheme === 'unrounded' ? '8' : bytes, scheme === 'monic'),
    )
    .replace(/\bhalves\(c\.(\w+), (\w+), (\w+)\)/g, (_, ...of) => halves(...of))
    .replace(/\bc\.(\w+)/g, (_, name) => constants.get(name));
  if (bytes === '8') return text.replace(/(?<![.\w])round\(/g, '(');
  return inTurns(file, text, (path) => loadDtype(`${path}?bytes=4`));
}

/** What a module imports of the tree, with their dtypes. */
const importsOf = (id) =>
  [...readFileSync(id.replace(QUERY, ''), 'utf8').matchAll(/^(?:import (?!type)|export ).*from '(.+)';$/gm)]
    .map(([, source]) => resolveDtype(source, id))
    .filter((path) => path !== undefined);

/** The modules that one needs, each behind those that it imports. */
function needed(id, ids = new Set()) {
  for (const path of importsOf(id)) if (!ids.has(path)) needed(path, ids);
  return ids.add(id);
}

/**
 * Imports by which the two copies of a module are neighbours in a bundle, and the lists of their kernels behind them: so they are
 * within the 32 KB that gzip looks back (measured: anymax/js 5 KB less). `path`: the module that imports both.
 */
function neighbours(path) {
  const file = `${tree}${path.includes('_tokens') ? 'tokens/' : ''}f32.ts`,
    other = needed(file.replace('f32', 'f64'));
  return [...needed(file)]
    .filter((id) => id.endsWith('=4'))
    .flatMap((id) => [id, id.replace(/4$/, '8')].filter((copy) => copy === id || other.has(copy)))
    .map((id) => `import '${relative(dirname(path), id)}';\n`)
    .join('');
}

/** The names that a module of the tree exports, in order. */
function exportsOf(file) {
  const text = readFileSync(file, 'utf8');
  const own = [...text.matchAll(/^export \{([^}]*)\} from/gm)].flatMap(([, list]) => list.match(/\w+/g));
  const others = [...text.matchAll(/^export \* from '(.+)';$/gm)].flatMap(([, path]) =>
    exportsOf(resolve(dirname(file), path)),
  );
  return [...own, ...others].sort();
}

/**
 * `import * as f32` as an object of its own: what a bundler makes of a namespace has a getter for each name. Measured: the first
 * call of a process, which asks for all names, 0.2 ms less, and 60 KB less garbage. `path`: the module that imports both dtypes.
 */
function tables(path) {
  return readFileSync(path, 'utf8').replace(
    /^(import|export) \* as (\w+) from '(.+)';$/gm,
    (_, word, dtype, source) => {
      const names = exportsOf(resolve(dirname(path), source)),
        list = (as) => names.map((name) => `${name}${as} ${name}_${dtype}`).join(', ');
      return `import { ${list(' as')} } from '${source}';\n${word.replace('import', '')} const ${dtype} = { ${list(':')} };`;
    },
  );
}

/** For esbuild. */
export const dtypes = {
  name: 'dtypes',
  setup(build) {
    build.onResolve({ filter: /^\./ }, ({ path, importer, pluginData }) => {
      const id = resolveDtype(path, pluginData?.id ?? importer);
      return id && { path: id, namespace: 'dtypes', sideEffects: true, pluginData: { id } };
    });
    build.onLoad({ filter: /\.wasm$/ }, ({ path }) => ({ contents: embed(path) }));
    build.onLoad({ filter: MIRROR }, ({ path }) => ({
      contents: neighbours(path) + tables(path),
      loader: 'ts',
      resolveDir: dirname(path),
    }));
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
    if (!MIRROR.test(id)) return undefined;
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
