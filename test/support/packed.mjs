// What the tests of the package itself share: the packed tarball installed in a folder of its own, processes that are
// ended by their own id, and the summary.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Runs a command to its end; its standard output. What it prints is in the error where it fails. */
export function run(command, args, options = {}) {
  try {
    return execFileSync(command, args, {
      encoding: 'utf8',
      timeout: 300_000,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...options,
    });
  } catch (error) {
    const said = `${error.stdout ?? ''}${error.stderr ?? ''}`.trim().slice(0, 3000);
    throw new Error(`${command} ${args.join(' ')}: ${said || error.code}`);
  }
}

/**
 * A folder with the tarball of this tree installed, and beside it what `npm ci` has installed in the folder `installed`; it
 * goes when the process ends.
 */
export function packedFolder(name, { installed, manifest = { type: 'module' } } = {}) {
  if (!existsSync(join(root, 'dist/index.js'))) throw new Error('there is no dist/: npm run build');
  const folder = mkdtempSync(join(tmpdir(), `anymax-${name}-`));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const [{ filename }] = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: root }));
  const { dependencies } = installed ? JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) : {};
  if (installed) run('cp', ['-a', join(installed, 'node_modules'), folder]);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name, private: true, dependencies, ...manifest }));
  run('npm', ['install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', `./${filename}`], { cwd: folder });
  return folder;
}

/** The packages of the package.json in `folder`, as its lock has them; none of their scripts runs. */
export function installLocked(folder) {
  const lock = readFileSync(join(folder, 'package-lock.json'), 'utf8');
  const stamp = join(folder, 'node_modules/.installed');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  console.log(`npm ci in ${folder}: once, and large`);
  run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder });
  writeFileSync(stamp, lock);
}

/** A command of the Debian package of the same name; root of a Debian installs it where it is missing. */
export function installCommand(name) {
  if (spawnSync(name, ['--version']).status === 0) return;
  if (process.getuid?.() !== 0 || spawnSync('apt-get', ['--version']).status !== 0) {
    throw new Error(`${name}: not found, and only root of a Debian can install it: apt-get install ${name}`);
  }
  // at run level 1 no service is started
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  run('apt-get', ['update'], { env });
  run('apt-get', ['install', '-y', '--no-install-recommends', name], { env });
}

/** A process of our own with all that it starts: `stop` ends them by their group. */
export function start(command, args, options = {}) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true, ...options });
  let output = '';
  child.stdout.on('data', (data) => (output += data));
  child.stderr.on('data', (data) => (output += data));
  child.on('error', (error) => (output += error.message));
  const stop = () => {
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch {
      // it has ended
    }
  };
  process.once('exit', stop);
  return {
    child,
    output: () => output,
    ended: new Promise((resolve) => child.once('close', resolve)),
    stop() {
      process.removeListener('exit', stop);
      stop();
    },
  };
}

/** Rejects when `milliseconds` are over before the promise is settled. */
export function within(milliseconds, promise, message) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(message())), milliseconds);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Runs the checks one after another, prints a line for each, and sets the exit code. A check says what it found. */
export async function runChecks(checks) {
  let failed = 0;
  const width = Math.max(...checks.map(([name]) => name.length));
  for (const [name, check] of checks) {
    const began = Date.now();
    let line;
    try {
      line = `ok    ${name.padEnd(width)}  ${await check()}`;
    } catch (error) {
      failed++;
      line = `FAIL  ${name.padEnd(width)}  ${error.message}`;
    }
    console.log(`${line}  (${((Date.now() - began) / 1000).toFixed(1)} s)`);
  }
  console.log(`\n${checks.length - failed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}
