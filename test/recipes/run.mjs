// npm run test:recipes: the recipes of docs/reference/where-it-runs.md as they stand there. A block whose first line names a
// file is that file, a block of sh is what a reader types; the package is the packed tarball.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { installBrowsers, open } from '../runtimes/browsers.mjs';
import { installLocked, packedFolder, root, run, runChecks, start, within } from '../support/packed.mjs';
import { answer, binary, freePort, installRuntimes, keepWasm, serveFiles, startWorkerd } from '../support/servers.mjs';

const here = join(root, 'test/recipes');
installLocked(here);
installRuntimes();
installBrowsers();
const folder = packedFolder('recipes', { installed: here, manifest: {} });

/** The blocks under a heading of the page, in their order: files with their names, and commands. */
function blocksOf(heading) {
  const page = readFileSync(join(root, 'docs/reference/where-it-runs.md'), 'utf8');
  const [, section] = page.split(`\n### ${heading}\n`);
  if (section === undefined) throw new Error(`there is no heading "${heading}"`);
  const [text] = section.split(/^##+ /m);
  return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language, code]) => ({
    commands: language === 'sh' ? code.trim().split('\n') : [],
    name: /^(?:\/\/|<!--) ([\w./-]+\.\w+)/.exec(code)?.[1],
    code,
  }));
}

function write({ name, code }) {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), code);
}

/** What the `// =>` comments of the blocks say. */
const expectedOf = (blocks) => blocks.flatMap(({ code }) => code.match(/(?<=\/\/ => ).*/g) ?? []).join('\n');

const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1', CI: '1' };

/** Writes the files of a recipe, types its commands, and takes the files away. */
const recipe = (heading, use) => async () => {
  const blocks = blocksOf(heading);
  const files = blocks.filter(({ name }) => name !== undefined);
  if (files.length === 0) throw new Error('no files');
  try {
    return await use(blocks);
  } finally {
    for (const { name } of files) rmSync(join(folder, name.split('/')[0]), { recursive: true });
  }
};

/** Files and commands in the order of the page; the last output. */
function typed(blocks) {
  let output = '';
  for (const block of blocks) {
    if (block.name !== undefined) write(block);
    for (const command of block.commands) output = run('bash', ['-c', command], { cwd: folder, env });
  }
  return output.trim();
}

function same(printed, expected) {
  if (printed.trim() !== expected) throw new Error(`prints ${printed.slice(0, 1000)}, not ${expected}`);
  return printed.trim();
}

/** A runner of tests exits with 1 where a test fails, or where it finds none. */
function runner(blocks) {
  typed(blocks);
  return `${blocks.flatMap(({ commands }) => commands).length} runs`;
}
const commonjs = (blocks) => same(typed(blocks), expectedOf(blocks));

/** A file that a runtime runs. */
const program = (name, args) => (blocks) => {
  for (const block of blocks) if (block.name !== undefined) write(block);
  return same(run(binary(name), [...args, 'main.mjs'], { cwd: folder }), expectedOf(blocks));
};

async function worker(blocks) {
  typed(blocks);
  const bundle = { entryPoints: [join(folder, 'worker.js')], outfile: join(folder, 'bundle.js'), bundle: true };
  await build({ ...bundle, format: 'esm', conditions: ['workerd'], plugins: [keepWasm] });
  const server = await startWorkerd(folder, 'bundle.js', 'anymax.wasm');
  try {
    const [first, again] = [await answer(`${server.origin}/a`, server), await answer(`${server.origin}/a`, server)];
    if (!/^\["wasm",[012]\]$/.test(first)) throw new Error(first);
    return same(again, first);
  } finally {
    server.stop();
  }
}

/** The route as it stands, on the edge, and without its first export on Node: the same answers. */
async function next([route]) {
  write(route);
  write({ name: 'app/node/route.js', code: route.code.replace(/^export const runtime.*$/m, '') });
  const cli = join(folder, 'node_modules/next/dist/bin/next');
  run(process.execPath, [cli, 'build'], { cwd: folder, env });
  const port = await freePort();
  const server = start(process.execPath, [cli, 'start', '-H', '127.0.0.1', '-p', port], { cwd: folder, env });
  try {
    const of = (path) => answer(`http://127.0.0.1:${port}/${path}?step=5`, server);
    const edge = await of('edge');
    if (!/^\["wasm",[012]\]$/.test(edge)) throw new Error(edge);
    return same(await of('node'), edge);
  } finally {
    server.stop();
    rmSync(join(folder, '.next'), { recursive: true, force: true });
  }
}

/** What a page of a recipe logs first in Chromium. */
async function page(html, expected) {
  const site = await serveFiles(folder, { '/page.html': html });
  const browser = open('Chromium', `${site.origin}/page.html`, ['--enable-logging=stderr']);
  try {
    const logged = new Promise((resolve) => {
      browser.child.stderr.on('data', () => {
        const [, line] = /CONSOLE[^"]*"(.*)", source/.exec(browser.output()) ?? [];
        if (line !== undefined) resolve(line);
      });
    });
    return same(await within(60_000, logged, () => `no line: ${browser.output().slice(-2000)}`), expected);
  } finally {
    await browser.stop();
    await site.close();
  }
}

/** The CDN is a second server here, with the addresses that the page has. */
async function importMap([block]) {
  write(block);
  const dist = /https:\/\/cdn\.jsdelivr\.net\/npm\/anymax@[\d.]+\//;
  if (!dist.test(block.code)) throw new Error('no address');
  const cdn = await serveFiles(folder);
  try {
    const html = block.code.replace(dist, `${cdn.origin}/node_modules/anymax/`);
    return await page(html, expectedOf([block]));
  } finally {
    await cdn.close();
  }
}

/** Such a host: `WebAssembly.Module` refuses more than 4 kB, as Chrome's did in a page. anymax itself falls back to JavaScript. */
const REFUSES = `<script>
  const Module = WebAssembly.Module;
  WebAssembly.Module = class extends Module {
    constructor(bytes) {
      if (bytes.byteLength > 4096) throw new RangeError('WebAssembly.Compile is disallowed on the main thread');
      super(bytes);
    }
  };
</script>`;
const FALLS_BACK = `import { backend, softmax } from '/node_modules/anymax/dist/index.js';
softmax(Float32Array.of(0, 0), 2);
console.log(backend());`;

async function instance(blocks) {
  write(blocks[0]);
  const script = blocks[0].code.replace("'anymax/js'", "'/node_modules/anymax/dist/js.js'");
  const html = `<!doctype html>${REFUSES}<script type="module">`;
  await page(`${html}${FALLS_BACK}</script>`, 'js');
  return page(`${html}${script}</script>`, expectedOf([blocks[0]]));
}

await runChecks([
  ['vitest', recipe('vitest', runner)],
  ['jest', recipe('jest', runner)],
  ['jest with Babel', recipe('jest with Babel', runner)],
  ['jest with ES modules', recipe('jest with ES modules', runner)],
  ['Next', recipe('Next', next)],
  ['Deno', recipe('Deno, Bun', program('deno', ['run', '--no-prompt']))],
  ['Bun', recipe('Deno, Bun', program('bun', ['run']))],
  ['Cloudflare Workers', recipe('Cloudflare Workers', worker)],
  ['CommonJS by esbuild', recipe('A CommonJS bundle by esbuild', commonjs)],
  ['by an instance', recipe('Hosts that refuse to compile synchronously', instance)],
  ['import map', recipe('Pages without a bundler', importMap)],
]);
