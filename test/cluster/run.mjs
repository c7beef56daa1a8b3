// npm run test:cluster: examples/cluster over a Redis server of its own, with workers that are killed. Its hash is that of the
// JavaScript mirror here; nothing that it started is left, however it ends. As root of a Debian without redis-server, it is
// installed. `--only NAME` runs the checks whose name has NAME in it.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Market } from '../../examples/cluster/model.mjs';
import { summarise } from '../../examples/cluster/ranges.mjs';
import { init } from '../../dist/index.js';
import { installCommand, installLocked, root, runChecks, start, within } from '../support/packed.mjs';

const { values: options } = parseArgs({ options: { only: { type: 'string', default: '' } } });
const CHOICES = 1_000_000;

/** The example in a process group of its own; what it leaves behind is seen by its group and by its temporary folder. */
function startExample(args, env = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'anymax-test-cluster-'));
  const main = join(root, 'examples/cluster/main.mjs');
  const example = start(process.execPath, [main, ...args], { env: { ...process.env, TMPDIR: folder, ...env } });
  const lives = () => {
    try {
      return process.kill(-example.child.pid, 0);
    } catch {
      return false;
    }
  };
  return {
    ...example,
    /** How it ended, after which nothing of it is there. @param {number} milliseconds */
    async end(milliseconds) {
      try {
        await within(
          milliseconds,
          example.ended,
          () => `not at its end after ${milliseconds} ms:\n${example.output()}`,
        );
        for (let tries = 0; lives() && tries < 50; tries++) await setTimeout(100);
        assert(!lives(), 'a process is left');
        assert.deepEqual(readdirSync(folder), []);
        return example.child.exitCode;
      } finally {
        example.stop();
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

/** The numbers of a line of the table: killed, retried, seconds, choices per second, times. */
const numbersOf = (line) => line.trim().split(/ {2,}/).slice(1, -1).map(Number);

async function kills() {
  const example = startExample([`--choices=${CHOICES}`, '--job=20000', '--workers=1,2', '--kills=3']);
  assert.equal(await example.end(50_000), 0, example.output());
  const output = example.output();
  init({ backend: 'js' });
  const { hash, counts } = await summarise([new Market(1).choose(0, CHOICES)]);
  assert.equal(counts[0], 0);
  assert(output.includes(`The same hash 4 times: nothing lost, nothing drawn twice.\n  SHA-256 ${hash}\n`), output);
  const [killed, retried] = numbersOf(output.split('\n').findLast((line) => line.startsWith('  2 workers')));
  assert.equal(killed, 3, output);
  assert(retried > 0, output);
  return `${killed} workers killed, ${retried} jobs done again; the hash is that of the mirror`;
}

/** Ends the example while its workers are at work. @param {(pid: number) => void} interrupt @param {number} code */
const interrupted = (interrupt, code) => async () => {
  const example = startExample(['--choices=200000', '--job=2000', '--workers=2', '--kills=90']);
  const seen = (async () => {
    while (!example.output().includes('2 workers ')) {
      assert.equal(example.child.exitCode, null, example.output());
      await setTimeout(50);
    }
  })();
  await within(30_000, seen, () => `workers do not start:\n${example.output()}`);
  interrupt(example.child.pid);
  assert.equal(await example.end(10_000), code, example.output());
  return `code ${code}, nothing left`;
};

async function missing() {
  const example = startExample([], { PATH: '/nowhere' });
  assert.equal(await example.end(10_000), 1);
  assert.match(example.output(), /^redis-server: not found\..*apt-get install redis-server/s);
  return 'says how to get it';
}

async function wrong() {
  const example = startExample(['--workers=0']);
  assert.equal(await example.end(10_000), 1);
  assert.equal(example.output(), "--workers: expected an integer from 1 to 256, got '0'\n");
  return 'named';
}

const checks = [
  ['1,000,000 choices, 3 kills', kills],
  ['Ctrl-C', interrupted((pid) => process.kill(-pid, 'SIGINT'), 130)],
  ['SIGTERM to it alone', interrupted((pid) => process.kill(pid, 'SIGTERM'), 143)],
  ['without redis-server', missing],
  ['a wrong option', wrong],
];
installCommand('redis-server');
installLocked(join(root, 'examples/cluster'));
await runChecks(checks.filter(([name]) => name.includes(options.only)));
