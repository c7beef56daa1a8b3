// What the tests in other runtimes share: the binaries of test/runtimes/node_modules, and servers on free ports.
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { installLocked, root, start } from './packed.mjs';

const runtimes = join(root, 'test/runtimes');
const BINARIES = {
  deno: '@deno/linux-x64-glibc/deno',
  bun: '@oven/bun-linux-x64/bin/bun',
  workerd: '@cloudflare/workerd-linux-64/bin/workerd',
};

export const installRuntimes = () => installLocked(runtimes);

/** The file of a runtime: deno, bun, workerd, node-20, ... */
export function binary(name) {
  const file = join(runtimes, 'node_modules', BINARIES[name] ?? `${name}/bin/node`);
  if (existsSync(file)) return file;
  throw new Error(`${file} is missing: npm ci --ignore-scripts in test/runtimes, on Linux x64`);
}

/** A server of this process. */
export async function serve(listener) {
  const server = createServer(listener);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  return {
    port,
    origin: `http://127.0.0.1:${port}`,
    close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      return closed;
    },
  };
}

const TYPES = { js: 'text/javascript', html: 'text/html', wasm: 'application/wasm' };

/** The files of a folder, and those of `made` by their paths, to pages of any origin. */
export const serveFiles = (folder, made = {}, headers = {}) =>
  serve((request, response) => {
    const { pathname } = new URL(request.url, 'http://site');
    const file = join(folder, pathname);
    const found = Object.hasOwn(made, pathname) || statSync(file, { throwIfNoEntry: false })?.isFile();
    response.writeHead(found ? 200 : 404, {
      'access-control-allow-origin': '*',
      'content-type': TYPES[pathname.split('.').at(-1)] ?? 'text/plain',
      ...headers,
    });
    response.end(found ? (made[pathname] ?? readFileSync(file)) : '');
  });

export async function freePort() {
  const server = await serve();
  await server.close();
  return String(server.port);
}

/** The text at an address, as soon as the server, another process, is up. */
export async function answer(url, server) {
  const signal = AbortSignal.timeout(60_000);
  for (;;) {
    try {
      return await (await fetch(url, { signal })).text();
    } catch (error) {
      if (signal.aborted || server.child.exitCode !== null) throw new Error(server.output(), { cause: error });
      await setTimeout(100);
    }
  }
}

/** For esbuild: an import of the .wasm stays, since workerd resolves it. */
export const keepWasm = {
  name: 'keep-wasm',
  setup: (build) => build.onResolve({ filter: /anymax\.wasm/ }, ({ path }) => ({ path, external: true })),
};

/** workerd with a worker of one script in `folder`, and with the package's module under the name of `wasm`, if any. */
export async function startWorkerd(folder, script, wasm, v8Flags = []) {
  const port = await freePort();
  const config = `${script.replace(/\W/g, '_')}.capnp`;
  const module = wasm ? `(name = "${wasm}", wasm = embed "node_modules/anymax/dist/anymax.wasm"),` : '';
  writeFileSync(
    join(folder, config),
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  v8Flags = ${JSON.stringify(v8Flags)},
  services = [(name = "main", worker = (
    modules = [(name = "worker.js", esModule = embed "${script}"), ${module}],
    compatibilityDate = "2026-01-01"))],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")]);\n`,
  );
  const server = start(binary('workerd'), ['serve', config], { cwd: folder });
  return { ...server, origin: `http://127.0.0.1:${port}` };
}
