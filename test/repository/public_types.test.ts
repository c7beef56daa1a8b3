import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** What the build made of the public declarations, without comments. */
const declarations = readFileSync(new URL('../../dist/index.d.ts', import.meta.url), 'utf8')
  .replace(/\/\*[^]*?\*\//g, '')
  .replace(/^\s*\n/gm, '');

/** The public surface of the types: `npx vitest run test/repository/public_types.test.ts --update` where it changes on purpose. */
test('the public declarations are those of test/types/public.d.ts.txt', async () => {
  await expect(declarations).toMatchFileSnapshot('../types/public.d.ts.txt');
});

/** They break applications without the DOM library, or with a TypeScript before 5.7. */
test.each(['WebAssembly', 'BufferSource', 'Uint8Array<', 'Array<ArrayBuffer', 'node:', 'import('])(
  'the public declarations do not name %s',
  (name) => {
    expect(declarations).not.toContain(name);
  },
);
