import { threadError } from '../engine/check.ts';
import type { Reply, Task } from './task.ts';
import { startThread, type Thread } from './thread.ts';

/** Behind the number of every part of a task: nobody takes another. */
const STOP = 2 ** 30;

/** A task that some workers have not answered yet. */
interface Job {
  readonly task: Task;
  waiting: number;
  reply: Reply;
  readonly done: (reply: Reply) => void;
}

/** A worker with what it has to do. */
interface PoolWorker {
  readonly thread: Thread;
  readonly jobs: Map<number, Job>;
}

/** Workers; one that ends is replaced. */
export class Workers {
  readonly #workers: PoolWorker[] = [];
  #slots: number;
  readonly #queue: (() => void)[] = [];
  #open = true;

  private constructor(threads: number) {
    // a worker has its next task when it is done with one
    this.#slots = 2 * threads;
  }

  /** That many workers, all of them loaded; rejects if one cannot be. */
  static async start(threads: number): Promise<Workers> {
    const made = new Workers(threads);
    try {
      await Promise.all(Array.from({ length: threads }, () => made.#add()));
    } catch (error) {
      made.end();
      throw error;
    }
    return made;
  }

  /** Has a task done by at most `parts` workers, when its go has come: it is made only then. */
  async run(parts: number, make: () => Task): Promise<Task> {
    if (this.#slots > 0) this.#slots--;
    else await new Promise<void>((go) => this.#queue.push(go));
    try {
      const task = make();
      const { error } = await new Promise<Reply>((done) => this.#give(task, parts, done));
      if (error !== undefined) throw error;
      return task;
    } finally {
      const go = this.#queue.shift();
      if (go === undefined) this.#slots++;
      else go();
    }
  }

  /** Ends the workers. */
  end(): void {
    this.#open = false;
    for (const { thread } of this.#workers) thread.end();
  }

  #give(task: Task, parts: number, done: (reply: Reply) => void): void {
    const workers = this.#workers.toSorted((a, b) => a.jobs.size - b.jobs.size).slice(0, parts);
    const { id } = task,
      job = { task, waiting: workers.length, reply: { id }, done };
    if (workers.length === 0) done({ id, error: threadError('none is left') });
    for (const { thread, jobs } of workers) {
      thread.post(task);
      if (jobs.size === 0) thread.keep(true);
      jobs.set(id, job);
    }
  }

  /** Starts a worker; resolves when it is loaded. */
  #add(): Promise<void> {
    return new Promise((loaded, failed) => {
      const settle = (reply: Reply): void => {
        const job = worker.jobs.get(reply.id);
        if (job === undefined) return;
        worker.jobs.delete(reply.id);
        if (worker.jobs.size === 0) worker.thread.keep(false);
        if (reply.error !== undefined) Atomics.store(job.task.next, 0, STOP);
        if (job.reply.error === undefined) job.reply = reply;
        if (--job.waiting === 0) job.done(job.reply);
      };
      let ready = false;
      const heard = (message: Reply | 'ready'): void => {
        if (message !== 'ready') return settle(message);
        ready = true;
        if (worker.jobs.size === 0) worker.thread.keep(false);
        loaded();
      };
      const ended = (cause: unknown): void => {
        this.#workers.splice(this.#workers.indexOf(worker), 1);
        // one that has never worked would not do so the next time
        if (this.#open && ready) this.#add().catch(() => {});
        const error = threadError(cause);
        for (const id of worker.jobs.keys()) settle({ id, error });
        failed(error);
      };
      const worker: PoolWorker = { thread: startThread(heard, ended), jobs: new Map() };
      this.#workers.push(worker);
    });
  }
}
