import { Queue, QueueEvents } from 'bullmq';
import { Redis } from 'ioredis';
import { Market } from './model.mjs';
import { CHOICES, QUEUE } from './queue.mjs';
import { checkCover, cut, summarise } from './ranges.mjs';
import { Workers } from './workers.mjs';

/** Jobs given to Redis at once, and bytes read from it at once. */
const [BULK, PIECE] = [1000, 2 ** 20];

/** @typedef {{ seed: number, choices: number, job: number }} Simulation ids from 0 to before `choices`, `job` of them a job */
/** @typedef {(done: number) => void} OnProgress */

/** The seconds that `run` takes, beside what it gives. */
async function timed(run) {
  const began = performance.now();
  const result = await run();
  return { ...result, seconds: (performance.now() - began) / 1000 };
}

/** All choices in this process, without a queue. @param {Simulation} simulation @param {OnProgress} onProgress */
export function inOneProcess({ seed, choices, job }, onProgress) {
  function* pieces() {
    const market = new Market(seed);
    for (const { begin, end } of cut(choices, job)) {
      yield market.choose(begin, end);
      onProgress(end);
    }
  }
  return timed(() => summarise(pieces()));
}

/**
 * All choices by `workers` processes, of which `kills` are killed on the way, amid a job, and replaced. The time is from the
 * first job handed out to the last one done and all choices read.
 *
 * Errors: Error where ids are lost or done twice, a job fails, or a worker ends by itself.
 * @param {string} url of a Redis that is this run's alone: it is emptied
 * @param {Simulation} simulation
 * @param {{ workers: number, kills: number, onProgress: OnProgress }} options
 */
export async function overQueue(url, { seed, choices, job }, { workers: count, kills, onProgress }) {
  const connection = new Redis(url, { maxRetriesPerRequest: null });
  await connection.flushdb();
  const queue = new Queue(QUEUE, { connection });
  const events = new QueueEvents(QUEUE, { connection, lastEventId: '0' });
  const workers = new Workers(url);
  const ranges = cut(choices, job);
  const finished = new Promise((resolve, reject) => {
    let [jobs, done] = [0, 0];
    events.on('completed', ({ returnvalue }) => {
      onProgress((done += Number(returnvalue)));
      if (++jobs === ranges.length) resolve();
      else if (workers.killed < kills && done * (kills + 1) >= choices * (workers.killed + 1)) workers.kill();
    });
    events.on('failed', ({ jobId, failedReason }) => reject(new Error(`job ${jobId}: ${failedReason}`)));
    workers.onFailure = reject;
  });
  try {
    await Promise.race([finished, Promise.all([events.waitUntilReady(), workers.start(count)])]);
    const summary = await timed(async () => {
      for (let i = 0; i < ranges.length; i += BULK) {
        await queue.addBulk(ranges.slice(i, i + BULK).map((range) => ({ name: 'choose', data: { seed, ...range } })));
      }
      await finished;
      return summarise(stored(connection, choices));
    });
    const completed = await queue.getCompleted();
    const done = completed.map(({ data }) => data);
    checkCover(done, choices);
    const retried = completed.filter(({ stalledCounter }) => stalledCounter > 0).length;
    return { ...summary, killed: workers.killed, retried };
  } finally {
    await workers.stop();
    await events.close();
    await queue.close();
    connection.disconnect();
  }
}

/** All bytes in order. @param {Redis} connection @param {number} count */
async function* stored(connection, count) {
  for (const { begin, end } of cut(count, PIECE)) yield connection.getrangeBuffer(CHOICES, begin, end - 1);
}
