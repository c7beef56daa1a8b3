// npm run test:types: an application is compiled against the packed declarations by each TypeScript, with both module
// resolutions, strictly, without the DOM library and with declarations checked.
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { installLocked, packedFolder, root, run, runChecks } from '../support/packed.mjs';

const here = join(root, 'test/types');
const compilers = {
  'TypeScript 5.9': join(here, 'node_modules/typescript-5/bin/tsc'),
  'TypeScript 6': join(here, 'node_modules/typescript-6/bin/tsc'),
  'TypeScript 7': join(root, 'node_modules/typescript/bin/tsc'),
};
const resolutions = {
  nodenext: { module: 'nodenext', files: ['consumer.ts', 'consumer.cts', 'entries.ts'] },
  bundler: { module: 'esnext', files: ['consumer.ts', 'entries.ts'] },
  // by main and typesVersions; TypeScript 6 deprecates it, 7 has it no longer
  node10: { module: 'esnext', files: ['consumer.ts', 'entries.ts'], only: 'TypeScript 5.9' },
};

installLocked(here);
const folder = packedFolder('types');
for (const { files } of Object.values(resolutions))
  for (const file of files) cpSync(join(here, file), join(folder, file));

/** Compiles with a resolution; what the compiler says is the error. */
function compile(compiler, name) {
  const { module, files } = resolutions[name];
  const compilerOptions = {
    module,
    moduleResolution: name,
    target: 'es2022',
    lib: ['es2022'],
    types: [],
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    noEmit: true,
  };
  const config = join(folder, `tsconfig.${name}.json`);
  writeFileSync(config, JSON.stringify({ compilerOptions, files }));
  run(process.execPath, [compiler, '--project', config], { cwd: folder });
  return 'compiles';
}

await runChecks(
  Object.entries(compilers).flatMap(([name, compiler]) =>
    Object.keys(resolutions)
      .filter((resolution) => (resolutions[resolution].only ?? name) === name)
      .map((resolution) => [`${name}, ${resolution}`, () => compile(compiler, resolution)]),
  ),
);
