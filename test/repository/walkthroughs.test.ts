/** The changes that CONTRIBUTING walks through still apply to this tree. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const changes = readdirSync(`${root}docs`).filter((name) => name.endsWith('.diff'));

test('CONTRIBUTING names every change', () => {
  const page = readFileSync(`${root}CONTRIBUTING.md`, 'utf8');
  expect(changes.filter((name) => !page.includes(`docs/${name}`))).toEqual([]);
  expect(changes).toHaveLength(4);
});

// one line of context each way: lines that others add to a list nearby do no harm
test.each(changes)('docs/%s applies', (name) => {
  execFileSync('git', ['apply', '--check', '-C1', `docs/${name}`], { cwd: root });
});
