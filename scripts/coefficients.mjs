/**
 * The polynomial coefficients of the kernels: minimax fits by Remez exchange, rounded to the dtype.
 *
 *   node scripts/coefficients.mjs            writes src/shared/coefficients.ts
 *   node scripts/coefficients.mjs --check    fails unless it is what would be written
 *
 * Everything is computed in BigInt fixed point: an f64 fit has to resolve errors near 2^-63, and no coefficient may
 * depend on an engine's Math.exp or Math.log.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { generate } from './coefficients/remez.mjs';
import { POLYNOMIALS } from './coefficients/table.mjs';

const FILE = 'src/shared/coefficients.ts';
const HEAD = `// Written by scripts/coefficients.mjs. Two compilers read it: to tsc StaticArray is an array (assemblyscript.d.ts), in the
// wasm its values lie at an address that is a constant.`;

function typescript({ name, form, variable, interval, dtype, error, unit, factor, coefficients }) {
  const [low, high] = interval;
  const range = low < 1 ? `|${variable}| <= ${high}` : `${low} <= ${variable} <= ${high}`;
  return `/**
 * ${form.replaceAll('NAME', name)}; ${range}.
 * Error 2^${Math.log2(error).toFixed(2)} ${unit} with these ${dtype} values.
 */
export const ${name}: StaticArray<${dtype}> = [${coefficients.join(', ')}];
/** How many they are. */
export const ${name}_TERMS = ${coefficients.length};${
    factor
      ? `
/** K. */
export const ${name}_FACTOR = ${factor};`
      : ''
  }`;
}

const [option, ...rest] = process.argv.slice(2);
if ((option !== undefined && option !== '--check') || rest.length > 0) {
  console.error('usage: node scripts/coefficients.mjs [--check]');
  process.exit(2);
}
const source = [HEAD, ...POLYNOMIALS.map((entry) => typescript(generate(entry)))].join('\n\n');
const text = await format(source, { ...(await resolveConfig(FILE)), parser: 'typescript' });
if (option === undefined) {
  writeFileSync(FILE, text);
} else if (readFileSync(FILE, 'utf8') !== text) {
  console.error(`${FILE} differs from what scripts/coefficients.mjs writes`);
  process.exit(1);
}
