/** Compiles the C child at the width of wasm: four lanes of SSE4.2, no fused multiply-add. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';

const FLAGS = ['-std=gnu11', '-O3', '-msse4.2', '-ffp-contract=off', '-Wall', '-Wextra'];

/** @param {string} path relative to the top of the tree */
const at = (path) => new URL(`../../${path}`, import.meta.url).pathname;

/** The numbers of src/shared/ as macros, an array's as NAME_0, NAME_1 and so on. */
function constants() {
  const text = readdirSync(at('src/shared/'), { encoding: 'utf8' })
    .map((file) => readFileSync(at(`src/shared/${file}`), 'utf8'))
    .join('');
  return [...text.matchAll(/^export const ([A-Z]\w*)[^=]* = ([^;]+);/gm)]
    .flatMap(([, name, value]) => {
      const values = /^\[([^]*?),?\s*\]$/.exec(value)?.[1]?.split(',');
      return values?.map((item, i) => [`${name}_${i}`, item.trim()]) ?? [[name, value]];
    })
    .map(([name, value]) => `#define ${name} ${value}\n`)
    .join('');
}

/** The path of the program and what compiled it. Throws where there is no C compiler. */
export function buildNative(compiler = process.env.CC ?? 'cc') {
  const folder = at('build/native');
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/constants.h`, constants());
  const program = `${folder}/anymax-native`;
  execFileSync(compiler, [...FLAGS, `-I${folder}`, at('bench/native/main.c'), '-o', program, '-lm'], { stdio: 'pipe' });
  const [version] = execFileSync(compiler, ['--version'], { encoding: 'utf8' }).split('\n');
  return { program, version: `${version}, ${FLAGS.slice(1, 4).join(' ')}` };
}
