/**
 * The polynomial coefficients of the kernels: minimax fits by Remez exchange, rounded to the dtype.
 *
 *   node scripts/coefficients.mjs                prints them as TypeScript
 *   node scripts/coefficients.mjs --check FILE   fails unless FILE exports these names with these values
 *
 * Everything is computed in BigInt fixed point: an f64 fit has to resolve errors near 2^-63, and no coefficient may
 * depend on an engine's Math.exp or Math.log.
 */
import { readFileSync } from 'node:fs';
import { generate } from './coefficients/remez.mjs';
import { POLYNOMIALS } from './coefficients/table.mjs';

// ---- Output ----

function typescript({ name, form, variable, interval, dtype, error, unit, constants }) {
  const [low, high] = interval;
  const range = low < 1 ? `|${variable}| <= ${high}` : `${low} <= ${variable} <= ${high}`;
  return [
    '/**',
    ` * ${form.replace('NAME', name)}; ${range}.`,
    ` * Error 2^${Math.log2(error).toFixed(2)} ${unit} with these ${dtype} values. scripts/coefficients.mjs`,
    ' */',
    ...constants.map(([key, c]) => `export const ${key} = ${c};`),
  ].join('\n');
}

/** One line for each constant that `source` lacks or gives another value. */
function differences(source, constants) {
  const found = new Map([...source.matchAll(/^export const (\w+) = (.+);/gm)].map(([, key, text]) => [key, text]));
  return constants
    .filter(([key, c]) => Number(found.get(key)) !== c)
    .map(([key, c]) => `${key} is ${found.get(key) ?? 'missing'}, generated ${c}`);
}

const [option, file, ...rest] = process.argv.slice(2);
if ((option !== undefined && option !== '--check') || (option && !file) || rest.length > 0) {
  console.error('usage: node scripts/coefficients.mjs [--check FILE]');
  process.exit(2);
}
const generated = POLYNOMIALS.map(generate);
if (option) {
  const wrong = differences(
    readFileSync(file, 'utf8'),
    generated.flatMap(({ constants }) => constants),
  );
  if (wrong.length > 0) {
    console.error(`${file} differs from scripts/coefficients.mjs:\n${wrong.join('\n')}`);
    process.exit(1);
  }
} else {
  console.log(generated.map(typescript).join('\n\n'));
}
