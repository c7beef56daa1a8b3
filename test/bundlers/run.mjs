// npm run test:bundlers: a small application (app/) is built from the packed tarball by each bundler, and its output run:
// it has to give what the package itself gives here, on the wasm backend.
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { headers } from './app/vite.config.js';
import { installLocked, packedFolder, root, run, runChecks, start, within } from '../support/packed.mjs';
import { installBrowsers, open } from '../runtimes/browsers.mjs';
import { answer, binary, freePort, installRuntimes, serve, serveFiles } from '../support/servers.mjs';

const here = join(root, 'test/bundlers');
const bin = (name) => join(here, 'node_modules/.bin', name);

installLocked(here);
installRuntimes();
installBrowsers();

const folder = packedFolder('bundlers');
cpSync(join(here, 'app'), folder, { recursive: true });
const input = join(folder, 'print.js');
const expected = run(process.execPath, [input], { cwd: folder }).trim();
if (!expected.includes('"backend":"wasm"')) throw new Error(`the package itself gives ${expected}`);

/** Where a bundler puts its output: a folder of modules, or of scripts. */
function outFolder(name, type = 'module') {
  const out = join(folder, 'out', name);
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'package.json'), JSON.stringify({ type }));
  return out;
}

function judge(printed) {
  if (printed.trim() !== expected) throw new Error(`gives ${printed.slice(0, 1000)}, not ${expected.slice(0, 1000)}`);
  return 'built, run, same bits on wasm';
}

const runOutput = (file) => judge(run(process.execPath, [file]));

async function esbuild() {
  const { build } = await import('esbuild');
  const outfile = join(outFolder('esbuild'), 'print.js');
  await build({ entryPoints: [input], outfile, bundle: true, minify: true, format: 'esm' });
  return runOutput(outfile);
}

async function rollup() {
  const { rollup } = await import('rollup');
  const { nodeResolve } = await import('@rollup/plugin-node-resolve');
  const file = join(outFolder('rollup'), 'print.js');
  await (await rollup({ input, plugins: [nodeResolve()] })).write({ file });
  return runOutput(file);
}

async function rolldown() {
  const { rolldown } = await import('rolldown');
  const file = join(outFolder('rolldown'), 'print.js');
  await (await rolldown({ input })).write({ file, minify: true });
  return runOutput(file);
}

/** webpack and Rspack have one interface. */
async function packed(name, { default: pack }, entry) {
  const path = outFolder(name, 'commonjs');
  const output = { path, filename: 'print.js' };
  const settings = { mode: 'production', entry, context: folder, output, performance: { hints: false } };
  await new Promise((resolve, reject) => {
    pack(settings, (error, stats) => {
      if (error) reject(error);
      else if (stats.hasErrors() || stats.hasWarnings()) reject(new Error(stats.toString()));
      else resolve();
    });
  });
  return join(path, 'print.js');
}

const webpackLike = async (name, bundler) => runOutput(await packed(name, bundler, input));

function parcel() {
  const path = outFolder('parcel', 'commonjs');
  run(bin('parcel'), ['build', input, '--dist-dir', path, '--no-cache', '--no-source-maps'], {
    cwd: folder,
    env: { ...process.env, PARCEL_WORKERS: '0' },
  });
  return runOutput(join(path, 'print.js'));
}

function bun() {
  const outfile = join(outFolder('bun'), 'print.js');
  run(binary('bun'), ['build', input, '--outfile', outfile, '--minify', '--target', 'browser'], { cwd: folder });
  return runOutput(outfile);
}

/** What a page that a server shows in Chromium sends. */
async function inChromium(server, port, page = '') {
  let received;
  const report = new Promise((resolve) => (received = resolve));
  const sink = await serve(async (request, response) => {
    if (request.method === 'POST') received(await text(request));
    response.end();
  });
  let browser;
  try {
    await answer(`http://127.0.0.1:${port}/`, server);
    browser = open('Chromium', `http://127.0.0.1:${port}/${page}?to=${encodeURIComponent(sink.origin)}`);
    return await within(60_000, report, () => `no report; ${server.output()} ${browser.output().slice(-2000)}`);
  } finally {
    await browser?.stop();
    server.stop();
    await sink.close();
  }
}

function judgeThreads(report) {
  if (report !== '{"threads":2,"reason":"undefined","same":true}') throw new Error(report);
  return 'two workers, same bits';
}

/** A server of one of the versions of Vite: "vite" is the newest. */
async function vite(version, args) {
  const port = await freePort();
  const script = join(here, 'node_modules', version, 'bin/vite.js');
  const all = [script, ...args, '--host', '127.0.0.1', '--port', port, '--strictPort'];
  return [start(process.execPath, all, { cwd: folder }), port];
}

async function viteBuild() {
  run(bin('vite'), ['build', '--outDir', 'out/vite'], { cwd: folder });
  const preview = ['preview', '--outDir', 'out/vite'];
  judgeThreads(await inChromium(...(await vite('vite', preview)), 'threads.html'));
  return judge(await inChromium(...(await vite('vite', preview))));
}

const viteDev = async () => judge(await inChromium(...(await vite('vite', []))));

async function webpackThreads() {
  const script = await packed('webpack-threads', await import('webpack'), join(folder, 'threads.js'));
  const page = '<!doctype html><script src="print.js"></script>';
  const site = await serveFiles(dirname(script), { '/page.html': page }, headers);
  return judgeThreads(await inChromium({ output: () => '', stop: site.close }, site.port, 'page.html'));
}

/** Before version 8 the dev server moves the modules of packages, without what they load beside them. */
const viteThreads = (version) => async () =>
  judgeThreads(await inChromium(...(await vite(version, [])), 'threads.html'));

/** wrangler wants a newer Node than this one may be. */
async function wrangler() {
  writeFileSync(
    join(folder, 'wrangler.json'),
    JSON.stringify({ name: 'anymax', main: 'worker.js', compatibility_date: '2026-01-01' }),
  );
  const port = await freePort();
  const inspector = await freePort();
  const script = join(here, 'node_modules/wrangler/bin/wrangler.js');
  const args = [
    'dev',
    '--ip',
    '127.0.0.1',
    '--port',
    port,
    '--inspector-port',
    inspector,
    '--show-interactive-dev-session=false',
  ];
  const quiet = { WRANGLER_SEND_METRICS: 'false', CLOUDFLARE_CF_FETCH_ENABLED: 'false', CI: '1' };
  const server = start(binary('node-24'), [script, ...args], { cwd: folder, env: { ...process.env, ...quiet } });
  try {
    return judge(await answer(`http://127.0.0.1:${port}/`, server));
  } finally {
    server.stop();
  }
}

await runChecks([
  ['esbuild', esbuild],
  ['Rollup', rollup],
  ['Rolldown', rolldown],
  ['webpack', async () => webpackLike('webpack', await import('webpack'))],
  ['webpack, threads', webpackThreads],
  ['Rspack', async () => webpackLike('rspack', await import('@rspack/core'))],
  ['Parcel', parcel],
  ['Bun build', bun],
  ['Vite build', viteBuild],
  ['Vite dev', viteDev],
  ...['vite-5', 'vite-6', 'vite-7', 'vite'].map((version) => [`${version} dev, threads`, viteThreads(version)]),
  ['wrangler', wrangler],
]);
