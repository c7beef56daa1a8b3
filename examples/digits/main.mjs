/**
 * npm start: trains a softmax regression on digits, then draws from its logits. The same seed prints the same, but for
 * the times of the last table.
 */
import { parseArgs } from 'node:util';
import { argmax, backend, fallbackReason, foldIn, gumbelMax, gumbelSoftmax, key, Rng, softmax } from 'anymax';
import { measure } from '../../bench/harness.mjs';
import { ops } from '../../bench/ops.mjs';
import { dataOf, residentOf, variantsOf } from '../../bench/data.mjs';
import { drawDigits } from './glyphs.mjs';
import { loadMnist } from './idx.mjs';
import { CLASSES, holdOut, logitsOf, train } from './regression.mjs';
import { bar, beside, column, heading, percent, picture } from './show.mjs';

const DRAWN = 6000;
const HELD_OUT = 1000;
const EPOCHS = 8;
const DRAWS = 10_000;
const TEMPERATURES = [0.1, 0.5, 1, 10];
const TIMED = ['softmax', 'logSoftmax', 'argmax', 'gumbelMax', 'gumbelSoftmax', 'gumbelSoftmax T=0.5'];

const HELP = `npm start -- [--mnist FOLDER] [--seed N]

  --mnist FOLDER  learn from the 10,000 test digits of MNIST instead of drawn ones;
                  in it t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte, or .gz
  --seed N        an integer, 1 if not given: the same seed prints the same, but
                  for the times
`;

/** @param {string} message */
function fail(message) {
  console.error(message);
  process.exit(1);
}

function readOptions() {
  const options = /** @type {const} */ ({
    mnist: { type: 'string' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  });
  try {
    return parseArgs({ options }).values;
  } catch (error) {
    return fail(`${error.message.split('\n')[0]} (--help shows the options)`);
  }
}

/** @param {string | undefined} mnist @param {number} seed */
function readDigits(mnist, seed) {
  if (mnist === undefined) return drawDigits(DRAWN, seed);
  try {
    const digits = loadMnist(mnist);
    if (digits.count > HELD_OUT) return digits;
    return fail(`${mnist}: ${digits.count} images, expected more than the ${HELD_OUT} to hold out`);
  } catch (error) {
    return fail(error.message);
  }
}

/** @param {import('./regression.mjs').Progress} progress */
function showEpoch({ epoch, loss, heldOut }) {
  const { accuracy } = heldOut;
  const numbers = [String(epoch).padStart(7), loss.toFixed(4).padStart(16), heldOut.loss.toFixed(4).padStart(16)];
  console.log(`${numbers.join('')}    ${percent(accuracy)}  ${bar(accuracy, 28)}`.trimEnd());
}

/**
 * The held-out digits whose label gets a probability nearest to these: a clear, a doubtful and a misread one.
 * @param {Float32Array} p @param {Int32Array} labels
 */
function choose(p, labels) {
  return [0.95, 0.5, 0.1].map((wanted) => {
    const distances = Array.from(labels, (label, row) => Math.abs(p[row * CLASSES + label] - wanted));
    return distances.indexOf(Math.min(...distances));
  });
}

/**
 * An image, and the probability of each class beside how often it is drawn.
 * @param {Float32Array} image @param {number} label @param {Float32Array} p @param {Int32Array} drawn
 */
function showDraws(image, label, p, drawn) {
  const shares = Array.from(p, (_, c) => drawn.filter((k) => k === c).length / drawn.length);
  const lines = Array.from(p, (value, c) => {
    const mark = c === label ? 'true' : '    ';
    return `${mark} ${c} ${percent(value)} ${bar(value, 11)} ${percent(shares[c])} ${bar(shares[c], 11)}`;
  });
  const head = [
    `${' '.repeat(8)}softmax             gumbelMax`,
    `${' '.repeat(8)}probability         10,000 draws`,
    '',
  ];
  console.log(
    beside(picture(image), [...head, ...lines])
      .join('\n')
      .trimEnd(),
  );
}

/**
 * Relaxed draws from the rows: the first one, and the mean of all. The noise is that of gumbelMax with this source.
 * @param {import('anymax').Key} source @param {Float32Array} rows
 */
function showRelaxed(source, rows) {
  const line = (name, cells) => console.log(`  ${name.padEnd(16)}${cells.join('')}`);
  line(
    'T',
    Array.from({ length: CLASSES }, (_, c) => String(c).padStart(5).padEnd(6)),
  );
  for (const temperature of TEMPERATURES) {
    const y = gumbelSoftmax(source, rows, CLASSES, { temperature });
    const mean = new Float64Array(CLASSES);
    y.forEach((value, i) => (mean[i % CLASSES] += value / DRAWS));
    line(`${String(temperature).padEnd(6)}1st draw`, Array.from(y.subarray(0, CLASSES), column));
    line('      mean', Array.from(mean, column));
  }
}

/** @param {Float32Array} logits */
function showSpeed(logits) {
  console.log(
    `  Nanoseconds per logit, ${logits.length / CLASSES} rows of ${CLASSES}; these lines differ from run to run\n`,
  );
  console.log('                            wasm  JS mirror  plain JS   plain/wasm  mirror/wasm');
  for (const op of ops.filter(({ name }) => TIMED.includes(name))) {
    const data = dataOf(op, logits, CLASSES, new Rng(op.name));
    const resident = residentOf(data);
    const measured = measure(variantsOf(op, data, resident), { rounds: 15, milliseconds: 4 });
    resident.free();
    const times = ['wasm', 'mirror', 'plain'].map((name) => ((measured.time(name) * 1e6) / logits.length).toFixed(1));
    const pairs = [measured.ratio('plain', 'wasm'), measured.ratio('mirror', 'wasm')];
    const ratios = pairs.map((value) => `${value.toFixed(1)}x`);
    const cells = [...times, ...ratios].map((cell, i) => cell.padStart([9, 11, 10, 13, 13][i]));
    console.log(`  ${op.name.padEnd(21)}${cells.join('')}`);
  }
}

const { mnist, seed: seedText, help } = readOptions();
if (help) {
  process.stdout.write(HELP);
  process.exit();
}
const seed = Number(seedText);
if (seedText.trim() === '' || !Number.isSafeInteger(seed)) fail(`--seed: expected an integer, got '${seedText}'`);

const digits = readDigits(mnist, seed);
const { training, heldOut } = holdOut(digits, HELD_OUT, seed);
console.log(heading('A softmax regression learns to read digits: 784 pixels -> 10 logits'));
console.log(
  `  ${training.count} ${mnist === undefined ? 'drawn' : 'MNIST'} digits to learn from, ${heldOut.count} held out`,
);
console.log(`  seed ${seed}, backend ${backend()}\n`);
console.log('  epoch   training loss   held-out loss   held-out accuracy');
const weights = train(training, heldOut, { epochs: EPOCHS, seed, onEpoch: showEpoch });

const logits = logitsOf(weights, heldOut);
const p = softmax(logits, CLASSES);
const read = argmax(logits, CLASSES);
choose(p, heldOut.labels).forEach((row, i) => {
  const label = heldOut.labels[row];
  const image = heldOut.images.subarray(row * heldOut.pixels, (row + 1) * heldOut.pixels);
  const rows = new Float32Array(DRAWS * CLASSES).map((_, j) => logits[row * CLASSES + (j % CLASSES)]);
  const source = foldIn(key(seed), i);
  const drawn = gumbelMax(source, rows, CLASSES);
  console.log(heading(`Held-out digit ${row}: a ${label}, read as a ${read[row]}`));
  showDraws(image, label, p.subarray(row * CLASSES, (row + 1) * CLASSES), drawn);
  console.log(`\n  The first draw, a ${drawn[0]}, relaxed by gumbelSoftmax; the mean of all 10,000; in %\n`);
  showRelaxed(source, rows);
});

console.log(heading('Speed'));
if (fallbackReason() === undefined) showSpeed(logits);
else console.log(`  not measured: ${fallbackReason().message}`);
