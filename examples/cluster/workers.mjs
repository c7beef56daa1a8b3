import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const WORKER = fileURLToPath(new URL('worker.mjs', import.meta.url));

/** Worker processes, in the order in which they started. One that is killed, by whomever, is replaced by another. */
export class Workers {
  #url;
  #children = new Set();
  killed = 0;
  /** @type {(error: Error) => void} */
  onFailure = () => {};
  #end = () => this.#children.forEach((child) => child.kill('SIGKILL'));

  /** @param {string} url of Redis */
  constructor(url) {
    this.#url = url;
    process.once('exit', this.#end);
  }

  /** Resolves when all of them wait for jobs. @param {number} count */
  async start(count) {
    await Promise.all(Array.from({ length: count }, () => this.#startOne()));
  }

  async #startOne() {
    const child = fork(WORKER, [this.#url]);
    this.#children.add(child);
    child.once('exit', (code, signal) => {
      if (!this.#children.delete(child)) return; // stop() has taken it out
      if (signal === null) this.onFailure(new Error(`a worker ended with code ${code}`));
      else this.#replace();
    });
    await Promise.race([once(child, 'message'), once(child, 'exit')]);
  }

  #replace() {
    this.killed++;
    this.#startOne();
  }

  /** Kills the one that has worked longest. */
  kill() {
    const [oldest] = this.#children;
    oldest.kill('SIGKILL');
  }

  async stop() {
    const children = [...this.#children];
    this.#children.clear();
    await Promise.all(
      children.map((child) => {
        child.kill();
        return once(child, 'exit');
      }),
    );
    process.removeListener('exit', this.#end);
  }
}
