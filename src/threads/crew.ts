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
interface Hand {
  readonly thread: Thread;
  readonly jobs: Map<number, Job>;
}

/** Workers; one that ends is replaced. */
export class Crew {
  readonly #hands: Hand[] = [];
  #turns: number;
  readonly #line: (() => void)[] = [];
  #open = true;

  private constructor(threads: number) {
    // a worker has its next task when it is done with one
    this.#turns = 2 * threads;
  }

  /** That many workers, all of them loaded; rejects if one cannot be. */
  static async start(threads: number): Promise<Crew> {
    const crew = new Crew(threads);
    try {
      await Promise.all(Array.from({ length: threads }, () => crew.#add()));
    } catch (error) {
      crew.end();
      throw error;
    }
    return crew;
  }

  /** Has a task done by at most `parts` workers, when its turn has come: it is made only then. */
  async run(parts: number, make: () => Task): Promise<{ task: Task; names: readonly string[] | undefined }> {
    if (this.#turns > 0) this.#turns--;
    else await new Promise<void>((turn) => this.#line.push(turn));
    try {
      const task = make();
      const { error, names } = await new Promise<Reply>((done) => this.#give(task, parts, done));
      if (error !== undefined) throw error;
      return { task, names };
    } finally {
      const turn = this.#line.shift();
      if (turn === undefined) this.#turns++;
      else turn();
    }
  }

  /** Ends the workers. */
  end(): void {
    this.#open = false;
    for (const { thread } of this.#hands) thread.end();
  }

  #give(task: Task, parts: number, done: (reply: Reply) => void): void {
    const hands = this.#hands.toSorted((a, b) => a.jobs.size - b.jobs.size).slice(0, parts);
    const { id } = task,
      job = { task, waiting: hands.length, reply: { id }, done };
    if (hands.length === 0) done({ id, error: threadError('none is left') });
    for (const { thread, jobs } of hands) {
      thread.post(task);
      if (jobs.size === 0) thread.keep(true);
      jobs.set(id, job);
    }
  }

  /** Starts a worker; resolves when it is loaded. */
  #add(): Promise<void> {
    return new Promise((loaded, failed) => {
      const settle = (reply: Reply): void => {
        const job = hand.jobs.get(reply.id);
        if (job === undefined) return;
        hand.jobs.delete(reply.id);
        if (hand.jobs.size === 0) hand.thread.keep(false);
        if (reply.error !== undefined) Atomics.store(job.task.next, 0, STOP);
        if (job.reply.error === undefined && (reply.error !== undefined || reply.names)) job.reply = reply;
        if (--job.waiting === 0) job.done(job.reply);
      };
      let ready = false;
      const heard = (message: Reply | 'ready'): void => {
        if (message !== 'ready') return settle(message);
        ready = true;
        if (hand.jobs.size === 0) hand.thread.keep(false);
        loaded();
      };
      const ended = (cause: unknown): void => {
        this.#hands.splice(this.#hands.indexOf(hand), 1);
        // one that has never worked would not do so the next time
        if (this.#open && ready) this.#add().catch(() => {});
        const error = threadError(cause);
        for (const id of hand.jobs.keys()) settle({ id, error });
        failed(error);
      };
      const hand: Hand = { thread: startThread(heard, ended), jobs: new Map() };
      this.#hands.push(hand);
    });
  }
}
