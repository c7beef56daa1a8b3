/** Where and when numbers were taken: every JSON file of measurements begins with it. */
import { readFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

export function circumstances() {
  const [cpu] = cpus();
  return {
    package: `anymax ${version}`,
    date: new Date().toISOString(),
    machine: {
      cpu: cpu?.model.trim() ?? 'unknown',
      cores: cpus().length,
      memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
      load: loadavg()[0],
    },
    engine: { node: process.versions.node, v8: process.versions.v8 },
  };
}

/** In a line of text. @param {ReturnType<typeof circumstances>} where */
export function described({ package: name, machine: { cpu, cores, memory, load }, engine }) {
  const node = `Node ${engine.node}, V8 ${engine.v8}`;
  return `${name} on ${cpu}, ${cores} cores, ${memory}; ${node}; load average at the start ${load.toFixed(1)}`;
}
