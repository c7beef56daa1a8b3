/** node worker.mjs redis://HOST:PORT: a worker. It may be killed at any time: nothing is in it that is not drawn again. */
import { Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { Market } from './model.mjs';
import { CHOICES, LOCK, QUEUE } from './queue.mjs';

/** Ids drawn at once. In between the worker comes to renew its lock, so that a job may be of any length. */
const SLICE = 10_000;

const connection = new Redis(process.argv[2], { maxRetriesPerRequest: null }); // as BullMQ wants it of a worker
const markets = new Map();

/** @param {number} seed */
function marketOf(seed) {
  if (!markets.has(seed)) markets.set(seed, new Market(seed));
  return markets.get(seed);
}

/**
 * Each choice goes to its place, which its id says, before the job is done: a job that is taken up again writes the same bytes
 * to the same places.
 */
async function work({ data: { seed, begin, end } }) {
  for (let first = begin; first < end; first += SLICE) {
    const choices = marketOf(seed).choose(first, Math.min(end, first + SLICE));
    await connection.setrange(CHOICES, first, Buffer.from(choices.buffer));
  }
  return end - begin;
}

const worker = new Worker(QUEUE, work, { connection, ...LOCK });
// such as a lock that was lost because the machine stood still: the job is another worker's by then
worker.on('error', (error) => console.error(`worker ${process.pid}: ${error.message}`));
await worker.waitUntilReady();
process.send?.('ready');
process.once('disconnect', () => process.exit()); // whoever started it is gone
