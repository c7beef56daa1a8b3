import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MISSING = `redis-server: not found. It comes with the system: apt-get install redis-server (Debian, Ubuntu),
dnf install redis (Fedora), brew install redis (macOS).`;

/** A port that was free a moment ago. @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/**
 * A Redis server of this process alone, on a free port of this machine, its folder a temporary one. It ends with the process,
 * however that ends but by SIGKILL.
 *
 * Errors: Error where there is no redis-server, or with what it says where it does not start.
 */
export async function startRedis() {
  const folder = mkdtempSync(join(tmpdir(), 'anymax-cluster-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const port = await freePort();
  // everything stays in memory: the results are read before the server ends
  const args = ['--port', port, '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no'];
  const child = spawn('redis-server', args.map(String), { stdio: ['ignore', 'pipe', 'inherit'] });
  process.once('exit', () => child.kill());
  await new Promise((resolve, reject) => {
    let output = '';
    child.stdout.on('data', (data) => {
      output += data;
      if (output.includes('Ready to accept connections')) resolve();
    });
    child.once('error', (error) => reject(error.code === 'ENOENT' ? new Error(MISSING) : error));
    child.once('close', () => reject(new Error(`redis-server did not start:\n${output}`)));
  });
  child.stdout.removeAllListeners('data').resume();
  return {
    url: `redis://127.0.0.1:${port}`,
    stop: () => new Promise((resolve) => child.once('exit', resolve).kill()),
  };
}
