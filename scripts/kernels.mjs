// The exports of the wasm, read off the kernels: each exported function of assembly/, a generic one for f32 and for f64.
// They are the entry of asc (asconfig.json), so that a new kernel has to be listed nowhere on this side.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

/** Kernels that compute with words: they have no dtype, and belong to both. */
const WORDS = ['bits', 'categorical_lookup', 'fold_in', 'keys'];

/** The order of arguments behind the addresses of inputs and outputs. */
const ORDER = [
  'op',
  'rows',
  'count',
  'n',
  'k',
  'draws',
  'ignored',
  'temperature',
  'priorTemperature',
  'weight',
  'alpha',
  'first',
  'k0',
  'k1',
  'scratch',
  'words',
];

/** The exports of one source: throws if a kernel has its arguments in another order. */
export function exportsOf(source) {
  const kernels = source.matchAll(/^export function (\w+)(<T>)?\(([^)]*)\): void/gm);
  return [...kernels].flatMap(([, name, generic, list]) => {
    const parameters = list
      .split(',')
      .map((parameter) => parameter.trim())
      .filter((parameter) => parameter !== '');
    const names = parameters.map((parameter) => parameter.split(':')[0]),
      sizes = names.findIndex((argument) => ORDER.includes(argument)),
      rest = names.slice(sizes),
      addresses = parameters.slice(0, sizes).every((parameter) => parameter.endsWith(': usize'));
    if (sizes < 1 || !addresses || rest.join() !== ORDER.filter((argument) => rest.includes(argument)).join())
      throw new Error(`${name}: the arguments of a kernel are addresses, ${ORDER.join(', ')}; got ${names.join(', ')}`);
    return (generic || WORDS.includes(name) ? ['f32', 'f64'] : ['f64']).map((dtype) => {
      const typed = parameters.map((parameter) => parameter.replace(/: T$/, `: ${dtype}`)).join(', ');
      const call = `${name}${generic ? `<${dtype}>` : ''}(${names.join(', ')})`;
      return { name, text: `export function ${name}_${dtype}(${typed}): void { ${call}; }` };
    });
  });
}

/** Kernels of the entry anymax/tokens, which are a wasm of their own in the same memory; and what it has of it for its constants. */
const TOKENS = /^tokens\b/;
export const TOKENS_BYTES = 4096;

/**
 * Writes an entry: kernels in the order of their files, and the first byte that is free. `tokens`: those of anymax/tokens;
 * the other wasm leaves room for their constants behind its own.
 */
export function writeKernels(path, tokens = false) {
  const files = readdirSync('assembly', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && TOKENS.test(file) === tokens)
    .sort();
  const lines = files.flatMap((file) => {
    const kernels = exportsOf(readFileSync(`assembly/${file}`, 'utf8'));
    if (kernels.length === 0) return [];
    const names = [...new Set(kernels.map(({ name }) => name))].join(', ');
    return [`import { ${names} } from '../assembly/${file.slice(0, -3)}';`, ...kernels.map(({ text }) => text)];
  });
  writeFileSync(
    path,
    `${lines.join('\n')}\nexport const heap_base: usize = __heap_base${tokens ? '' : ` + ${TOKENS_BYTES}`};\n`,
  );
}
