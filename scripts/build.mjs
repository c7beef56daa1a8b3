// assembly/ -> build/anymax.wasm (+ .wat, and a debug build with asserts) -> dist/: ESM, declarations, .wasm.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { build } from 'esbuild';
import { dtypes } from './dtypes.mjs';

const run = (tool, ...args) => execFileSync('npx', ['--no-install', tool, ...args], { stdio: 'inherit' });

mkdirSync('build', { recursive: true });
run('asc', '--target', 'release');
run('asc', '--target', 'debug');

rmSync('dist', { recursive: true, force: true });
await build({
  entryPoints: { index: 'src/index.ts' },
  outdir: 'dist',
  bundle: true,
  format: 'esm',
  target: 'es2022',
  platform: 'neutral',
  minifySyntax: true,
  loader: { '.wasm': 'base64' },
  plugins: [dtypes],
});
copyFileSync('build/anymax.wasm', 'dist/anymax.wasm');
run('tsc', '--project', 'tsconfig.build.json');
