/**
 * What the temperature does to the autoencoder of examples/vae: `node examples/estimators/autoencoder.mjs FOLDER [EPOCHS]`, FOLDER that of MNIST. Two
 * tables and, as JSON, what docs/figures/annealing.svg draws.
 *
 * Learning: the test -ELBO of the discrete model after so many epochs at fixed temperatures, and annealed. The gradient: of the
 * reconstruction in the posterior's logits, of the annealed model; over many samples of the latents for the same 50 images, its
 * mean, its variance, and how much of it a row of one sample has.
 */
import { foldIn, gumbelSoftmax, key } from 'anymax';
import { readImages } from '../vae/data.mjs';
import { choose } from '../vae/product.mjs';
import { addByTfjs } from '../vae/product_tfjs.mjs';
import { range } from '../vae/rows.mjs';
import { DEFAULTS, Session } from '../vae/session.mjs';
import { printRow } from '../vae/table.mjs';

const [folder, epochs = '10'] = process.argv.slice(2);
const N = 10;
const FIXED = [0.1, 0.25, 0.5, 1, 2];
const SAMPLES = 100;

/**
 * The gradient as it is written down, y (dy - y.dy) / T in float32: at the winner, where y is near 1, the difference loses what
 * it has of digits.
 */
function plainVjp(y, dy, n, { temperature }) {
  const { fround } = Math;
  const dx = new Float32Array(y.length);
  for (let r = 0; r < y.length; r += n) {
    let dot = 0;
    for (let i = r; i < r + n; i++) dot = fround(dot + fround(y[i] * dy[i]));
    for (let i = r; i < r + n; i++) dx[i] = fround(fround(y[i] * fround(dy[i] - dot)) / temperature);
  }
  return dx;
}

/** A session after training; `vjp` in place of the package's. */
function trained(settings, data, vjp) {
  const session = new Session({ ...DEFAULTS, product: 'tfjs', ...settings }, data);
  if (vjp) session.vae.latents.sampleVjp = (y, dy, temperature) => vjp(y, dy, N, { temperature });
  while (session.epoch < Number(epochs)) session.train();
  return session;
}

/** Of many gradients of the same thing: the norm of their mean, their variance, the share of rows that are nearly 0. */
function gradientAt(session, images, temperature) {
  const { vae } = session;
  const chosen = range(50);
  const width = vae.latents.width;
  const [mean, square] = [new Float64Array(chosen.length * width), new Float64Array(chosen.length * width)];
  let [still, error, size] = [0, 0, 0];
  vae.latents.sampleVjp = (y, dy) => {
    const dx = gumbelSoftmax.vjp(y, dy, N, { temperature });
    const plain = plainVjp(y, dy, N, { temperature });
    for (let r = 0; r < dx.length; r += N) {
      const row = dx.subarray(r, r + N);
      const winner = row.reduce((best, _, i) => (y[r + i] > y[r + best] ? i : best), 0);
      error += Math.abs(plain[r + winner] - row[winner]) > 0.1 * Math.abs(row[winner]) ? 1 : 0;
      if (Math.hypot(...row) < 1e-3) still++;
    }
    size += dx.length / N;
    dx.forEach((v, i) => {
      mean[i] += v / SAMPLES;
      square[i] += (v * v) / SAMPLES;
    });
    return dx;
  };
  for (let s = 0; s < SAMPLES; s++) {
    const how = { source: foldIn(key('gradient'), s), temperature, relaxation: /** @type {const} */ ('analytic') };
    const terms = vae.bound(vae.encode(images, chosen), images, chosen, how);
    terms.kl.fill(0);
    vae.boundBackward(new Float64Array(chosen.length).fill(1));
    session.adam.tensors.forEach(({ gradient }) => gradient.fill(0));
  }
  const sum = (values) => values.reduce((a, b) => a + b, 0);
  const norm = Math.sqrt(sum(mean.map((v) => v * v)));
  return { norm, variance: sum(square) - norm * norm, still: still / size, error: error / size, mean };
}

choose(addByTfjs);
const data = readImages({ mnist: folder, seed: 1 });
const learning = [
  ...FIXED.map((t) => ({ name: `T = ${t}`, temperature: t, coldest: t })),
  { name: 'annealed, 1 to 0.25', temperature: 1, coldest: 0.25, cooling: 0.25 ** (1 / (Number(epochs) - 1)) },
  { name: 'T = 0.1, plain vjp', temperature: 0.1, coldest: 0.1, vjp: plainVjp },
];
let model;
const rows = learning.map(({ name, vjp, ...settings }, i) => {
  const session = trained(settings, data, vjp);
  if (name.startsWith('annealed')) model = session;
  const terms = session.evaluate(10);
  printRow([['temperature', name.padEnd(20)], ...Object.entries(terms)], i === 0);
  return { name, temperature: settings.coldest, bound: terms['test -ELBO'] };
});
const coldest = { mean: undefined };
const gradients = [0.05, 0.1, 0.25, 0.5, 1, 2, 5].map((temperature, i) => {
  const { mean, ...measured } = gradientAt(model, data.training, temperature);
  coldest.mean ??= mean;
  const moved = Math.hypot(...mean.map((v, j) => v - coldest.mean[j]));
  printRow([['T', `${temperature}`], ...Object.entries(measured), ['from the coldest', moved]], i === 0);
  return { temperature, ...measured, moved };
});
console.log(JSON.stringify({ epochs: Number(epochs), learning: rows, gradients }));
