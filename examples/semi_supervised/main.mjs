/** Learns to read digits from few labels and many images; `--help` says how. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { printRow, showProgress } from '../vae/table.mjs';
import { readCheckpoint, resume, saveCheckpoint } from './checkpoint.mjs';
import { readData } from './data.mjs';
import { HELP, readOptions } from './options.mjs';
import { Session } from './session.mjs';

/** Seconds of CPU that this process has taken, all its threads together. */
function seconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/**
 * Epoch after epoch, a line and a checkpoint for each, until so many are done or so many seconds of CPU are over; at the
 * end the test digits, once.
 * @param {Session} session @param {{ epochs?: number, seconds: number, out: string }} plan
 */
function train(session, { epochs, seconds: limit, out }) {
  const before = session.seconds;
  const spent = () => before + seconds();
  const first = session.epoch + 1;
  let last = 0;
  while (epochs ? session.epoch < epochs : spent() + last < limit) {
    const begin = spent();
    const loss = session.train(epochs ? session.epoch / epochs : begin / limit, (step, steps) =>
      showProgress(`epoch ${session.epoch + 1}, step ${step} of ${steps}`),
    );
    showProgress('');
    const accuracy = session.accuracy(session.data.validation);
    session.history.push({ seconds: spent(), loss, accuracy });
    printRow(
      [
        ['epoch', `${session.epoch}`],
        ['CPU s', spent().toFixed(0)],
        ['loss', loss],
        ['accuracy %', accuracy],
      ],
      session.epoch === first,
    );
    saveCheckpoint(join(out, 'checkpoint'), session);
    last = spent() - begin;
  }
  const test = session.accuracy(session.data.test);
  const result = { settings: session.settings, history: session.history, test };
  writeFileSync(join(out, 'progress.json'), `${JSON.stringify(result)}\n`);
  console.log(`\n  ${session.data.test.count} test images, looked at now alone: ${test.toFixed(1)} % are read right`);
  console.log(`  In ${out}: checkpoint, progress.json`);
}

/** @param {ReturnType<typeof readOptions>} options */
function main({ mnist, resume: resumed, settings: given, ...plan }) {
  const checkpoint = resumed ? readCheckpoint(join(plan.out, 'checkpoint')) : undefined;
  const settings = checkpoint?.settings ?? given;
  const data = readData({ mnist, ...settings });
  const session = checkpoint ? resume(checkpoint, data) : new Session(settings, data);
  const [done, wanted, name] = plan.epochs
    ? [session.epoch, plan.epochs, 'epochs']
    : [Math.ceil(session.seconds), plan.seconds, 'seconds'];
  if (done >= wanted) throw new Error(`--${name}: the checkpoint has ${done} already, expected more, got ${wanted}`);
  console.log(
    `  ${data.labelled.count} images with a label, ${data.unlabelled.count} without; ` +
      `accuracy on ${data.validation.count} others; ${settings.model}, class ${settings.unknown}\n`,
  );
  mkdirSync(plan.out, { recursive: true });
  train(session, plan);
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options.help) process.stdout.write(HELP);
  else main(options);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
