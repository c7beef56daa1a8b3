/** Trains a variational autoencoder with discrete latents; `--help` says how. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { backend } from 'anymax';
import { readCheckpoint, resume, saveCheckpoint } from './checkpoint.mjs';
import { readImages } from './data.mjs';
import { RELAXATIONS } from './latents.mjs';
import { HELP, readOptions } from './options.mjs';
import { choose } from './product.mjs';
import { total } from './rows.mjs';
import { DEFAULTS, Session } from './session.mjs';
import { writePictures } from './show.mjs';
import { printRow, showProgress } from './table.mjs';

/** @typedef {import('./data.mjs').Images} Images */

/** Hard samples of the latents for each test image: after an epoch, and at the end. */
const SAMPLES = 1;
const LAST_SAMPLES = 10;

/** The next epoch, with progress: its terms, and seconds per step. @param {Session} session */
function nextEpoch(session) {
  const begin = performance.now();
  let count = 0;
  const terms = session.train((step, steps) => {
    count = steps;
    showProgress(`epoch ${session.epoch + 1}, step ${step} of ${steps}`);
  });
  showProgress('');
  return { terms, loss: total(Object.values(terms)), milliseconds: (performance.now() - begin) / count };
}

/** Up to `epochs`, a line and a checkpoint for each. */
function train(session, epochs, out) {
  const first = session.epoch + 1;
  let milliseconds = 0;
  while (session.epoch < epochs) {
    const epoch = nextEpoch(session);
    milliseconds += epoch.milliseconds;
    const head = [
      ['epoch', `${session.epoch}`],
      ['T', session.temperature.toFixed(3)],
      ['loss', epoch.loss],
    ];
    const row = [...head, ...Object.entries(epoch.terms), ...Object.entries(session.evaluate(SAMPLES))];
    printRow(row, session.epoch === first);
    saveCheckpoint(join(out, 'checkpoint'), session);
  }
  const mean = milliseconds / (epochs + 1 - first);
  console.log(`\n  ${mean.toFixed(1)} ms per step. Test images, ${LAST_SAMPLES} hard samples each:\n`);
  printRow(Object.entries(session.evaluate(LAST_SAMPLES)), true);
  writePictures(out, session);
  console.log(`\n  In ${out}: checkpoint, reconstructions.png, samples.png`);
}

/** Every relaxation of the KL term, and straight-through samples: a line for each after `epochs`. */
function compare(settings, data, epochs) {
  const relaxed = RELAXATIONS.map((relaxation) => ({ relaxation, straightThrough: false }));
  const ways = [...relaxed, { relaxation: DEFAULTS.relaxation, straightThrough: true }];
  console.log(`  ${epochs} epochs each; the test terms are means over ${LAST_SAMPLES} hard samples an image\n`);
  ways.forEach((way, i) => {
    const session = new Session({ ...settings, ...way }, data);
    let last = nextEpoch(session);
    while (session.epoch < epochs) last = nextEpoch(session);
    const head = [
      ['KL term', way.relaxation],
      ['samples in training', way.straightThrough ? 'straight-through' : 'relaxed'],
    ];
    const tail = [...Object.entries(session.evaluate(LAST_SAMPLES)), ['ms/step', last.milliseconds]];
    printRow([...head, ['loss', last.loss], ...tail], i === 0);
  });
}

/** Errors: Error saying what to install where tfjs is not. @returns {Promise<import('./product.mjs').Product>} */
async function productByTfjs() {
  try {
    return (await import('./product_tfjs.mjs')).addByTfjs;
  } catch (cause) {
    if (cause.code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new Error('--product tfjs: first npm --prefix examples/semi_supervised ci', { cause });
  }
}

/** @param {ReturnType<typeof readOptions>} options */
async function main({ mnist, images: wanted, epochs, out, resume: resumed, compare: compared, settings: given }) {
  const checkpoint = resumed ? readCheckpoint(join(out, 'checkpoint')) : undefined;
  if (checkpoint && checkpoint.epoch >= epochs) {
    throw new Error(`--epochs: the checkpoint has ${checkpoint.epoch} already, expected more, got ${epochs}`);
  }
  const settings = checkpoint?.settings ?? given;
  if (settings.product === 'tfjs') choose(await productByTfjs());
  const data = readImages({ mnist, seed: settings.seed, count: checkpoint?.images ?? wanted });
  console.log(`  ${data.training.count} images to learn from, ${data.test.count} to test on; backend ${backend()}\n`);
  if (compared) return compare(settings, data, epochs);
  mkdirSync(out, { recursive: true });
  const session = checkpoint ? resume(checkpoint, data) : new Session(settings, data);
  return train(session, epochs, out);
}

try {
  const options = readOptions(process.argv.slice(2));
  if (options.help) process.stdout.write(HELP);
  else await main(options);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
