// npm run test:runtimes: the bits of every op in every runtime, from the packed tarball. `--update` writes golden.json
// anew from the sources, in this Node; `--only NAME` runs the places whose name has NAME in it.
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { dtypes } from '../../scripts/dtypes.mjs';
import { packedFolder, root, run, runChecks, within } from '../support/packed.mjs';
import { answer, binary, installRuntimes, keepWasm, serve, startWorkerd } from '../support/servers.mjs';
import { browsers, installBrowsers, open } from './browsers.mjs';

const here = join(root, 'test/runtimes');
const GOLDEN = join(here, 'golden.json');
const { values: options } = parseArgs({ options: { update: { type: 'boolean' }, only: { type: 'string' } } });

/** The conformance module of the sources. */
async function fromSources(contents, plugins = []) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: here, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'esm',
    alias: { anymax: join(root, 'src/index.ts') },
    plugins,
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString('base64')}`);
}

const { differences } = await fromSources(`export { differences } from './conformance.ts'`);

async function update() {
  const source = `import * as anymax from 'anymax'; import { conformance } from './conformance.ts'; export default conformance(anymax);`;
  const { default: report } = await fromSources(source, [dtypes]);
  const wrong = differences(report.wasm, report.js);
  if (wrong.length > 0) throw new Error(`the backends differ: ${wrong.join(', ')}`);
  if (report.unknown.length > 0) throw new Error(`without a line in ops.ts: ${report.unknown.join(', ')}`);
  const before = JSON.parse(readFileSync(GOLDEN, 'utf8'));
  writeFileSync(GOLDEN, `${JSON.stringify(report.js, null, 2)}\n`);
  const changed = differences(report.js, before);
  console.log(changed.length > 0 ? `changed: ${changed.join(', ')}` : 'nothing changed');
}

/**
 * Throws unless the report of a place is what it has to be; a line for the table. `attempts`: how many CSP violations a
 * page has to have seen.
 */
function judge(reported, expected, attempts) {
  if (!reported.startsWith('{')) throw new Error(reported.slice(0, 2000) || 'no report');
  const report = JSON.parse(reported);
  const golden = JSON.parse(readFileSync(GOLDEN, 'utf8'));
  const wrong = [];
  for (const backend of ['js', 'wasm']) {
    const found = report[backend] ? differences(report[backend], golden) : [];
    if (found.length > 0) wrong.push(`${backend} bits differ: ${found.join(', ')}`);
  }
  if (report.backend !== expected) wrong.push(`backend is ${report.backend}, not ${expected} (${report.reason})`);
  if (report.unknown.length > 0) wrong.push(`ops without a line: ${report.unknown.join(', ')}`);
  if (report.halves.length > 0) wrong.push(`float16 is wrong: ${report.halves.join(', ')}`);
  if (expected === 'wasm' && (report.reason ?? report.refused) !== null) wrong.push(`wasm, but also ${report.reason}`);
  if (expected === 'js' && !report.refused?.includes(report.reason?.replace(/^\w+: /, ''))) {
    wrong.push(`forced wasm says ${report.refused}, the reason is ${report.reason}`);
  }
  if (attempts !== undefined && report.violations !== attempts) {
    wrong.push(`${report.violations} CSP violations: there have to be ${attempts}`);
  }
  if (wrong.length > 0) throw new Error(wrong.join('; '));
  const hashes = Object.keys(report.js).length * (report.wasm ? 4 : 2);
  return `${expected.padEnd(4)}  ${hashes} hashes${report.reason ? `  fell back: ${report.reason.slice(0, 90)}` : ''}`;
}

/** Bundles a place's module for where no package can be installed. */
async function bundle(place, outfile, more = {}) {
  await build({
    entryPoints: [join(folder, `places/${place}.ts`)],
    outfile: join(folder, outfile),
    bundle: true,
    format: 'esm',
    ...more,
  });
}

/** A module of a place with the package left as an import. */
const modulesOf = (...places) =>
  Promise.all(places.map((place) => bundle(place, `${place}.js`, { packages: 'external', platform: 'node' })));

/** Runs a command that prints a report. */
const printed = (expected, name, args, env) => () =>
  judge(
    run(binary(name), args, { cwd: folder, env: { ...process.env, ...env }, timeout: 120_000, maxBuffer: 1e8 }),
    expected,
  );

function nodes() {
  return [20, 22, 24, 26].flatMap((version) => {
    const node = `node-${version}`;
    return [
      [`Node ${version}`, printed('wasm', node, ['server.js'])],
      [`Node ${version} worker`, printed('wasm', node, ['server.js', 'worker'])],
      [`Node ${version} --jitless`, printed('js', node, ['--jitless', 'server.js'])],
      [`Node ${version} vm without code generation`, printed('js', node, ['vm_context.mjs'])],
      [`Node ${version} anymax/js`, printed('js', node, ['entry_js.js'])],
      [`Node ${version} anymax/js with bytes`, printed('wasm', node, ['entry_js.js', 'bytes'])],
    ];
  });
}

function denoAndBun() {
  const deny = ['run', '--no-prompt', '--allow-read', '--node-modules-dir=manual'];
  return [
    ['Deno', printed('wasm', 'deno', [...deny, 'server.js'])],
    ['Deno worker', printed('wasm', 'deno', [...deny, 'server.js', 'worker'])],
    ['Deno --jitless', printed('js', 'deno', [...deny, '--v8-flags=--jitless', 'server.js'])],
    ['Bun', printed('wasm', 'bun', ['server.js'])],
    ['Bun worker', printed('wasm', 'bun', ['server.js', 'worker'])],
    ['Bun without WebAssembly', printed('js', 'bun', ['server.js'], { BUN_JSC_useWasm: '0' })],
  ];
}

/** A worker of one bundle: with the module that its entry imports, or with none. */
const workerd = (expected, label, place, settings, wasm) => async () => {
  await bundle(place, `workerd/${label}.js`, settings);
  const server = await startWorkerd(folder, `workerd/${label}.js`, wasm);
  try {
    return judge(await answer(server.origin, server), expected);
  } finally {
    server.stop();
  }
};

function workerds() {
  const of = (...conditions) => ({ conditions, plugins: [keepWasm] });
  return [
    ['workerd condition', workerd('wasm', 'condition', 'workerd', of('workerd'), 'anymax.wasm')],
    ['workerd global scope', workerd('wasm', 'global', 'workerd_global_scope', of('workerd'), 'anymax.wasm')],
    ['workerd embedded', workerd('js', 'embedded', 'workerd', {})],
    ['workerd anymax/js', workerd('js', 'js', 'workerd', { alias: { anymax: 'anymax/js' } })],
    ['edge-light in workerd', workerd('wasm', 'edge', 'workerd', of('edge-light'), 'anymax.wasm?module')],
  ];
}

/** What a page may do under /csp/: load its own scripts and talk to its own server, but compile no wasm. */
const CSP = "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'";

/** Serves the pages and scripts; `reports` has the one that a page posts. */
async function serveSite() {
  const reports = new Map();
  const site = await serve(async (request, response) => {
    const [, policy, file] = request.url.split('/');
    if (request.method === 'POST') {
      reports.get(policy)?.(await text(request));
      response.end();
      return;
    }
    if (policy === 'csp') response.setHeader('content-security-policy', CSP);
    if (/^(page|worker)\.js$/.test(file)) {
      response.setHeader('content-type', 'text/javascript');
      response.end(readFileSync(join(folder, 'browser', file)));
    } else if (/^(page|worker)\.html$/.test(file)) {
      response.setHeader('content-type', 'text/html');
      response.end(
        '<!doctype html><meta charset="utf-8"><title>anymax</title><script type="module" src="page.js"></script>',
      );
    } else {
      response.writeHead(404).end();
    }
  });
  return { ...site, reports };
}

function pages({ reports, origin }) {
  return Object.keys(browsers).flatMap((name) =>
    ['plain', 'csp'].flatMap((policy) =>
      ['page', 'worker'].map((file) => [
        `${name} ${file}${policy === 'csp' ? " under a CSP without 'wasm-unsafe-eval'" : ''}`,
        async () => {
          const report = new Promise((resolve) => reports.set(policy, resolve));
          const browser = open(name, `${origin}/${policy}/${file}.html`);
          try {
            const posted = await within(
              180_000,
              report,
              () => `no report; the browser says ${browser.output().slice(-2000)}`,
            );
            // One attempt to compile, one violation; WebKit tells its workers of none.
            const attempts = policy === 'csp' && !(name === 'WebKit' && file === 'worker') ? 1 : 0;
            return judge(posted, policy === 'csp' ? 'js' : 'wasm', attempts);
          } finally {
            await browser.stop();
          }
        },
      ]),
    ),
  );
}

/** Gives the bundle what a page has and the language has not, and forbids the compilation of code. */
const VM_CONTEXT = `import { readFileSync } from 'node:fs';
import { createContext, runInContext } from 'node:vm';
const context = createContext({ TextEncoder }, { codeGeneration: { strings: false, wasm: false } });
runInContext(readFileSync('vm.js', 'utf8'), context);
process.stdout.write(runInContext('report.text', context));
`;

let folder;

async function main() {
  installRuntimes();
  installBrowsers();
  folder = packedFolder('runtimes');
  cpSync(join(here, 'places'), join(folder, 'places'), { recursive: true });
  for (const file of ['conformance.ts', 'ops.ts']) cpSync(join(here, file), join(folder, file));
  writeFileSync(join(folder, 'vm_context.mjs'), VM_CONTEXT);
  await modulesOf('server', 'entry_js');
  await bundle('vm', 'vm.js', { format: 'iife', globalName: 'report' });
  await bundle('page', 'browser/page.js');
  await bundle('worker', 'browser/worker.js');
  const site = await serveSite();
  const checks = [...nodes(), ...denoAndBun(), ...workerds(), ...pages(site)];
  await runChecks(checks.filter(([name]) => name.includes(options.only ?? '')));
  await site.close();
}

await (options.update ? update() : main());
