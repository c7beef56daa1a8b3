/** The layers of ARCHITECTURE.md, read off the import statements of src/ and assembly/. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';

interface Import {
  readonly from: string;
  readonly to: string;
  /** Types alone: gone at run time. */
  readonly typeOnly: boolean;
}

const filesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name))
    .sort();

const SOURCES = filesOf('src'),
  KERNELS = filesOf('assembly'),
  FILES = [...SOURCES, ...KERNELS];
const textOf = new Map(FILES.map((file) => [file, readFileSync(file, 'utf8')]));

/** A file without its comments; what is quoted stays. */
function codeOf(file: string): string {
  return textOf.get(file)!.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
}

/** Every import and re-export of a file; assembly/ leaves the ending of a path out. */
function importsOf(file: string): Import[] {
  const statements = codeOf(file).matchAll(/^\s*(?:import|export)\s+(?:([^;'"]*?)\s+from\s+)?['"]([^'"]+)['"]/gm);
  return [...statements].map(([, names = '', path]) => {
    const to = normalize(join(dirname(file), path!));
    const each = /^\{([\s\S]*)\}$/
      .exec(names.trim())?.[1]
      ?.split(',')
      .filter((name) => name.trim() !== '');
    const typeOnly = /^type\s/.test(names) || (each?.every((name) => /^\s*type\s/.test(name)) ?? false);
    return { from: file, to: file.startsWith('assembly') && !to.endsWith('.ts') ? `${to}.ts` : to, typeOnly };
  });
}

/** Made by the build, and put beside the code by some packagers. */
const WASM = /\b(anymax|tokens)\.wasm(\?module)?$/;
const IMPORTS = FILES.flatMap(importsOf);

/** The room of a file: shared, assembly, js, engine, max, ..., index. */
function roomOf(file: string): string {
  if (['index.ts', 'ops.ts'].some((name) => file === join('src', name))) return 'index';
  return file.startsWith('assembly') ? 'assembly' : file.split('/')[1]!;
}

/** Lowest first; a room may import from the layers below its own. */
const LAYERS = [
  ['shared'],
  ['assembly', 'js'],
  ['engine'],
  ['max', 'random', 'sample', 'density'],
  ['math'],
  ['distributions', 'objectives'],
  ['index'],
  ['tokens'],
  ['threads', 'tfjs'],
];
const layerOf = (room: string): number => LAYERS.findIndex((rooms) => rooms.includes(room));
/** Sideways: values only random -> sample <- max, types also to density. */
const SIDEWAYS = ['sample random', 'sample max'];
const SIDEWAYS_TYPES = [...SIDEWAYS, 'density max', 'density random', 'density sample'];

const show = ({ from, to }: Import): string => `${from} -> ${to}`;
const crossing = (check: (from: string, to: string, entry: Import) => boolean): string[] =>
  IMPORTS.filter((entry) => check(roomOf(entry.from), roomOf(entry.to), entry)).map(show);

describe('the import statements', () => {
  test('are found: every path names a file of this package or what the build puts there', () => {
    expect(IMPORTS.length).toBeGreaterThan(150);
    const missing = IMPORTS.filter(({ to }) => !existsSync(to) && !WASM.test(to));
    expect(missing.map(show)).toEqual([]);
    for (const file of FILES) {
      // none that the pattern above would not see
      const imports = codeOf(file).match(/^\s*(import\b|export\b[^;=(]*\bfrom\b)/gm) ?? [];
      expect(importsOf(file).length, file).toBe(imports.length);
      expect(codeOf(file), file).not.toMatch(/\b(require|import)\s*\(/);
    }
  });

  test('are of known rooms', () => {
    for (const file of FILES) expect(layerOf(roomOf(file)), file).toBeGreaterThanOrEqual(0);
  });

  test('point down the layers', () => {
    expect(crossing((from, to, entry) => entry.to.startsWith('src') && layerOf(to) > layerOf(from))).toEqual([]);
  });

  test('go sideways only from sample to random and max; density and others may take types', () => {
    const allowed = (from: string, to: string, { typeOnly }: Import): boolean =>
      (typeOnly ? SIDEWAYS_TYPES : SIDEWAYS).includes(`${from} ${to}`);
    expect(
      crossing((from, to, entry) => from !== to && layerOf(from) === layerOf(to) && !allowed(from, to, entry)),
    ).toEqual([]);
  });

  test('never name src/index.ts; src/ops.ts only from there and from the other entries', () => {
    const [index, ops] = [join('src', 'index.ts'), join('src', 'ops.ts')];
    expect(
      crossing(
        (from, _, { to }) => to === index || (to === ops && !['index', 'tokens', 'threads', 'tfjs'].includes(from)),
      ),
    ).toEqual([]);
  });

  test('the kernels know what is shared and themselves; assembly/ and src/js never see each other', () => {
    expect(crossing((from, to) => ['assembly', 'js'].includes(from) && ![from, 'shared'].includes(to))).toEqual([]);
    expect(crossing((from, to) => from === 'shared' && to !== from)).toEqual([]);
  });

  test('only the engine sees kernels and the wasm', () => {
    expect(crossing((from, to) => to === 'js' && !['js', 'engine'].includes(from))).toEqual([]);
    expect(crossing((from, to) => to === 'assembly' && from !== 'assembly')).toEqual([]);
    expect(crossing((from, _, { to }) => WASM.test(to) && from !== 'engine')).toEqual([]);
    const inside = ['memory', 'wasm', 'module'].map((name) => join('src', 'engine', `${name}.ts`));
    expect(crossing((from, _, { to, typeOnly }) => inside.includes(to) && from !== 'engine' && !typeOnly)).toEqual([]);
    const compositions = ['distributions', 'objectives'];
    expect(
      crossing((from, to, { typeOnly }) => compositions.includes(from) && to === 'engine' && !typeOnly).filter(
        (entry) => !/(check|check_distributions|kind)\.ts$/.test(entry),
      ),
    ).toEqual([]);
  });

  test('only the engine knows WebAssembly and linear memory', () => {
    const outside = SOURCES.filter((file) => !['engine', 'js'].includes(roomOf(file)));
    expect(outside.filter((file) => /\bWebAssembly\b|\.memory\b|\bheap_base\b/.test(codeOf(file)))).toEqual([]);
  });
});

describe('files', () => {
  test('import each other in no circle, types aside', () => {
    const below = new Map<string, string[]>(FILES.map((file) => [file, []]));
    for (const { from, to, typeOnly } of IMPORTS) if (!typeOnly && below.has(to)) below.get(from)!.push(to);
    const circles: string[] = [],
      done = new Set<string>();
    const visit = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' -> '));
      if (path.includes(file) || done.has(file)) return;
      for (const next of below.get(file)!) visit(next, [...path, file]);
      done.add(file);
    };
    for (const file of FILES) visit(file, []);
    expect(circles).toEqual([]);
    expect(done.size).toBe(FILES.length);
  });
});

describe('the mirror', () => {
  const tree = (folder: string): string[] => filesOf(folder).map((file) => file.slice(folder.length + 1));
  /** What makes two dtypes out of one body, for which assembly/ has generics and scripts/kernels.mjs. */
  const DTYPES = [
    'double.ts',
    'dtype.ts',
    'f32.ts',
    'f64.ts',
    'index.ts',
    'tokens/f32.ts',
    'tokens/f64.ts',
    'tokens/index.ts',
    'views.ts',
  ];
  /** What vectors need: constants and maps of them, four rows side by side, values of either dtype; and asc's way to src/shared. */
  const LANES = ['constant.ts', 'density/either.ts', 'density/shares.ts', 'four.ts', 'shared.ts', 'vocabulary.ts'];

  test('assembly/ and src/js are the same tree of file names', () => {
    const mirror = tree(join('src', 'js'));
    expect(mirror.filter((name) => DTYPES.includes(name))).toEqual(DTYPES);
    expect(mirror.filter((name) => !DTYPES.includes(name))).toEqual(
      tree('assembly').filter((name) => !LANES.includes(name)),
    );
  });

  test('src/js and what computes outside it call nothing of Math whose last bit an engine may choose, nor what no two runs share', () => {
    const exact = ['abs', 'ceil', 'clz32', 'floor', 'fround', 'imul', 'max', 'min', 'sign', 'sqrt', 'trunc'];
    for (const file of SOURCES.filter((name) =>
      ['shared', 'js', 'max', 'distributions', 'objectives'].includes(roomOf(name)),
    )) {
      const code = codeOf(file);
      const used = [...code.matchAll(/\bMath\b(?:\.(\w+))?/g)].map(([, name]) => name ?? 'Math');
      expect(
        used.filter((name) => !exact.includes(name)),
        file,
      ).toEqual([]);
      expect(code, file).not.toMatch(/\b(Date|performance|crypto|globalThis)\b/);
    }
  });

  test('powers with ** only of 2, which are exact', () => {
    for (const file of SOURCES.filter((name) => roomOf(name) === 'js')) {
      for (const [power] of codeOf(file).matchAll(/\S+ \*\* /g)) expect(power, file).toBe('2 ** ');
    }
  });
});
