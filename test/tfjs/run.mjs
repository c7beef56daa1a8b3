// npm run test:tfjs: anymax/tfjs with tfjs itself, on its wasm and cpu backends, and the recipe for jax-js.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { installLocked, root, run, runChecks } from '../support/packed.mjs';
import { checksOfPage } from './docs.mjs';
import { CHECKS } from './lift.mjs';
import { checkJax } from './jax.mjs';

const example = join(root, 'examples/semi_supervised');
const packages = join(root, 'test/tfjs/packages');

installLocked(example);
installLocked(packages);
const load = createRequire(join(example, 'package.json'));
const tf = load('@tensorflow/tfjs');
const wasm = load('@tensorflow/tfjs-backend-wasm');
wasm.setWasmPaths(`${join(example, 'node_modules/@tensorflow/tfjs-backend-wasm/dist')}/`);
const jax = await import(createRequire(join(packages, 'package.json')).resolve('@jax-js/jax'));

/** The declarations with those of tfjs itself. */
function compiles() {
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  run(process.execPath, [tsc, '--project', join(root, 'test/tfjs/tsconfig.json')]);
  return 'compiles';
}

await runChecks([
  ...['wasm', 'cpu'].flatMap((backend) =>
    Object.entries(CHECKS).map(([name, check]) => [
      `${backend}: ${name}`,
      async () => {
        if (!(await tf.setBackend(backend))) throw new Error(`tfjs has no backend ${backend} here`);
        return check(tf);
      },
    ]),
  ),
  ['types', compiles],
  ['jax-js', () => checkJax(jax)],
  ...checksOfPage({
    anymax: root,
    '@tensorflow': join(example, 'node_modules/@tensorflow'),
    '@jax-js': join(packages, 'node_modules/@jax-js'),
  }),
]);
