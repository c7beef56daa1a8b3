/** The columns: how each child is started, and what it is. Those that cannot be started are left out, with the reason. */
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { buildNative } from '../native/build.mjs';

const here = (path) => new URL(path, import.meta.url).pathname;
const versionOf = (name) => JSON.parse(readFileSync(here(`node_modules/${name}/package.json`), 'utf8')).version;

const node = (name) => [process.execPath, here(`libraries/${name}.mjs`)];

/** The first Python that has the modules. @param {string} modules */
function python(modules) {
  const script = `import ${modules}; print(*[m.__version__ for m in (${modules},)])`;
  let error;
  for (const program of ['python3', '/usr/bin/python3']) {
    try {
      return { program, versions: execFileSync(program, ['-c', script], { encoding: 'utf8', stdio: 'pipe' }).trim() };
    } catch (cause) {
      error = cause;
    }
  }
  throw error;
}

/** Name, then what gives its command and description. */
const LIBRARIES = {
  anymax: () => ({ command: [...node('anymax'), 'wasm'], what: 'the package, wasm, typed arrays copied in and out' }),
  resident: () => ({ command: [...node('anymax'), 'resident'], what: 'the package, wasm, arrays of `alloc`' }),
  mirror: () => ({ command: [...node('anymax'), 'js'], what: 'the package, JavaScript mirror: the same bits' }),
  plain: () => ({ command: node('plain'), what: 'loops over Float32Array with Math.exp, Math.log, Math.random' }),
  tfjs: () => ({
    command: [...node('tfjs'), 'wasm'],
    what: `@tensorflow/tfjs ${versionOf('@tensorflow/tfjs')}, wasm backend (XNNPACK), 1 thread`,
  }),
  xnnpack: () => ({
    command: [...node('tfjs'), 'xnnpack'],
    what: `the softmax kernel of that backend alone, on tensors that lie in its memory: compare with resident`,
  }),
  'tfjs-cpu': () => ({
    command: [...node('tfjs'), 'cpu'],
    what: `@tensorflow/tfjs ${versionOf('@tensorflow/tfjs')}, cpu backend: what Node gets without asking`,
  }),
  ort: () => ({
    command: node('onnxruntime'),
    what: `onnxruntime-web ${versionOf('onnxruntime-web')}, wasm, 1 thread`,
  }),
  'jax-js': () => ({ command: node('jax'), what: `@jax-js/jax ${versionOf('@jax-js/jax')}, wasm, jit` }),
  stdlib: () => ({
    command: node('stdlib'),
    what: `@stdlib/random-array-gumbel ${versionOf('@stdlib/random-array-gumbel')} and -exponential`,
  }),
  'd3-random': () => ({ command: node('d3'), what: `d3-random ${versionOf('d3-random')}` }),
  native: () => {
    const { program, version } = buildNative();
    return { command: [program], what: `the same algorithms in C, 4 lanes: ${version}` };
  },
  torch: () => {
    const { program, versions } = python('torch');
    return { command: [program, here('libraries/scientific.py'), 'torch'], what: `PyTorch ${versions}, CPU, 1 thread` };
  },
  numpy: () => {
    const { program, versions } = python('numpy, scipy');
    const [numpy, scipy] = versions.split(' ');
    return {
      command: [program, here('libraries/scientific.py'), 'numpy'],
      what: `NumPy ${numpy}, SciPy ${scipy}, 1 thread`,
    };
  },
};

export const NAMES = Object.keys(LIBRARIES);

/** What a library itself threw. */
export class LibraryError extends Error {}

/** A child process: a question at a time. */
export class Child {
  /** @param {string} name */
  constructor(name) {
    const { command, what } = LIBRARIES[name]();
    this.name = name;
    this.what = what;
    this.process = spawn(command[0], command.slice(1), { stdio: ['pipe', 'pipe', 'pipe'] });
    this.errors = '';
    this.process.stderr.on('data', (text) => (this.errors = `${this.errors}${text}`.slice(-2000)));
    this.lines = createInterface({ input: this.process.stdout })[Symbol.asyncIterator]();
  }

  /** The answer to a line. @param {string} question */
  async ask(question) {
    this.process.stdin.write(`${question}\n`);
    const { value, done } = await this.lines.next();
    if (done) throw new Error(`${this.name} ended at '${question}': ${this.errors}`);
    const answer = JSON.parse(value);
    if (answer.error !== undefined) throw new LibraryError(`${this.name}: ${answer.error}`);
    return answer;
  }

  end() {
    this.process.stdin.end();
  }
}
