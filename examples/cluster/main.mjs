/** npm run example:cluster: a simulation of choices in one process, then over a queue; `--help` says how. */
import { backend } from '../../dist/index.js';
import { ALTERNATIVES, SITUATIONS } from './model.mjs';
import { HELP, readOptions } from './options.mjs';
import { startRedis } from './redis.mjs';
import { inOneProcess, overQueue } from './simulate.mjs';
import { heading, line, progress, shares } from './show.mjs';

// with the process go its server, its workers and its folder
const CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };
for (const [signal, code] of Object.entries(CODES)) process.once(signal, () => process.exit(code));

/** @param {ReturnType<typeof readOptions>} options */
async function main({ workers, kills, ...simulation }) {
  const { choices, job, seed } = simulation;
  const people = Math.ceil(choices / SITUATIONS);
  const redis = await startRedis();
  console.log(`  ${people} people choose among ${ALTERNATIVES} cars, ${choices} choices in all; seed ${seed}`);
  console.log(`  ${Math.ceil(choices / job)} jobs of ${job} ids; ${redis.url}; backend ${backend()}\n`);
  console.log(heading());

  const alone = await inOneProcess(simulation, progress('one process', choices));
  console.log(line('one process', choices, alone, alone));
  const runs = [
    ...workers.map((count) => ({ workers: count, kills: 0 })),
    ...(kills > 0 ? [{ workers: workers.at(-1), kills }] : []),
  ];
  const hashes = [alone.hash];
  for (const run of runs) {
    const name = `${run.workers} worker${run.workers === 1 ? '' : 's'}`;
    const result = await overQueue(redis.url, simulation, { ...run, onProgress: progress(name, choices) });
    console.log(line(name, choices, result, alone));
    hashes.push(result.hash);
  }
  await redis.stop();
  console.log(shares(alone.counts));
  if (new Set(hashes).size > 1) throw new Error('The hashes differ.');
  console.log(`  The same hash ${hashes.length} times: nothing lost, nothing drawn twice.\n  SHA-256 ${alone.hash}`);
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options.help) process.stdout.write(HELP);
  else await main(options);
} catch (error) {
  console.error(error.message);
  process.exit(1); // also where connections are open
}
