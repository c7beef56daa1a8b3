/** A run: cases by seed and index, each with the checks that apply to it. */
import { call, type Case, type Library, makeCase, type Output } from './cases.ts';
import { type Bench, CHECKS } from './checks.ts';
import { DIFFERING } from './differing.ts';
import { NOT_FUZZED, OPS } from './ops.ts';

export interface Failure {
  readonly index: number;
  readonly what: string;
}

/** The names of all functions of the package, those that hang on others included. */
function functionsOf(parent: object, prefix = ''): string[] {
  return Object.entries(parent).flatMap(([name, value]) => {
    if (typeof value !== 'function' && (typeof value !== 'object' || value === null)) return [];
    const path = prefix + name;
    return [...(typeof value === 'function' ? [path] : []), ...functionsOf(value, `${path}.`)];
  });
}

/** Ops of the package that the table lacks, and rows of it that the package lacks. */
export function unlisted(library: Library): string[] {
  const names = functionsOf({ ...library, entmax: library.entmax(1.25) }).filter((name) => !NOT_FUZZED.test(name));
  return [...names.filter((name) => !(name in OPS)), ...Object.keys(OPS).filter((name) => !names.includes(name))];
}

function described({ name, dtype, rows, n, k, draws, temperature, alpha, op }: Case): string {
  const options = op.options.map(
    (option) => `${option} ${{ temperature, draws, dtype, max: `entmax(${alpha})` }[option]}`,
  );
  const power = name.startsWith('entmax.') || name === 'entmax' ? [`alpha ${alpha}`] : [];
  const most = op.slots.includes('k') ? [`k ${k}`] : [];
  return [`${name} ${dtype} ${rows} x ${n}`, ...power, ...most, ...options].join(', ');
}

/** Makes case `index` and its checks; what is wrong with it. */
export async function runCase(bench: Bench, seed: number, index: number): Promise<string | undefined> {
  const { library } = bench;
  const c = makeCase(Object.keys(OPS), seed, index);
  try {
    library.init({ backend: 'wasm' });
    const expected: Output = call(library, c, c).map((array) => array.slice());
    for (const check of [...CHECKS, DIFFERING]) {
      const chosen = c.random.chance(check.share);
      if (chosen && check.applies(c)) await check.run(c, expected, bench);
    }
    return undefined;
  } catch (error) {
    return `${described(c)}: ${(error as Error).message}`;
  }
}
