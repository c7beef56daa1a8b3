// The blocks of docs/guide/autodiff.md that have a name, as they stand.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from '../support/packed.mjs';

const page = readFileSync(join(root, 'docs/guide/autodiff.md'), 'utf8');
/** Numbers, and how many decimals each is given with. */
const numbers = (text) =>
  (text.replace(/\w+Array\(\d+\)/g, '').match(/-?\b\d+(\.\d+)?/g) ?? []).map((number) => [
    Number(number),
    number.split('.')[1]?.length ?? 0,
  ]);

/** name: a check that runs a block and compares what it prints, to the digits of its `// =>` comments. `folders`: its packages. */
export function checksOfPage(folders) {
  const folder = join(root, 'build/autodiff');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  for (const [name, target] of Object.entries(folders)) symlinkSync(target, join(folder, 'node_modules', name));
  return [...page.matchAll(/^```js (\S+)\n([\s\S]*?)^```$/gm)].map(([, name, code]) => [
    `docs: ${name}`,
    () => {
      writeFileSync(join(folder, name), code);
      const printed = numbers(run(process.execPath, [name], { cwd: folder }).replace(/^[ =]*$|^Hi,.*$/gm, ''));
      const wanted = numbers([...code.matchAll(/\/\/ => (.*)$/gm)].map(([, text]) => text).join(' '));
      assert.equal(printed.length, wanted.length);
      wanted.forEach(([value, digits], i) => assert.equal(printed[i][0].toFixed(digits), value.toFixed(digits)));
      return wanted.map(([value]) => value).join(' ');
    },
  ]);
}
