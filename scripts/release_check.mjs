// npm run release:check: what has to be true before a release. The tree is clean, CHANGELOG has the version, and in a fresh
// clone of HEAD both commands of README work, and then the tarball in an empty folder: ESM, require, TypeScript.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, run, runChecks } from '../test/support/packed.mjs';

const git = (...args) => run('git', args, { cwd: root }).trim();
const read = (file) => readFileSync(join(root, file), 'utf8');

const { version } = JSON.parse(read('package.json'));
const head = git('rev-parse', 'HEAD');
const clone = mkdtempSync(join(tmpdir(), 'anymax-release-'));
process.on('exit', () => rmSync(clone, { recursive: true, force: true }));

function clean() {
  const changes = git('status', '--porcelain');
  if (changes !== '') throw new Error(`not committed:\n${changes}`);
  return head.slice(0, 12);
}

function changelog() {
  const heading = read('CHANGELOG.md')
    .split('\n')
    .find((line) => line.startsWith(`## [${version}]`));
  if (heading === undefined) throw new Error(`no heading '## [${version}]'`);
  return heading;
}

/** README's lines for a clone: the one that runs, the one that tests. */
function commands() {
  const lines = read('README.md').match(/^npm ci && .*$/gm) ?? [];
  if (lines.length !== 2) throw new Error(`README has ${lines.length} lines 'npm ci && ...', not 2`);
  return lines;
}

function cloneHead() {
  run('git', ['clone', '--quiet', '--no-hardlinks', root, clone]);
  run('git', ['checkout', '--quiet', '--detach', head], { cwd: clone });
  return clone;
}

/** In the clone, with its output shown. */
function inClone(command, ...args) {
  execFileSync(command, args, { cwd: clone, stdio: ['ignore', 'inherit', 'inherit'], timeout: 20 * 60_000 });
  return 'works in the clone';
}

await runChecks([
  ['the tree', clean],
  ['CHANGELOG', changelog],
  ['a clone of HEAD', cloneHead],
  ...commands().map((command) => [command, () => inClone('bash', '-c', command)]),
  ['the tarball', () => inClone(process.execPath, 'test/pack/run.mjs')],
]);
