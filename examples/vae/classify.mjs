import { argmax, gumbelSoftmax, logSoftmax, random, softmax, split } from 'anymax';
import { Dense } from './dense.mjs';
import { CHUNK } from './elbo.mjs';
import { categorical } from './latents.mjs';
import { above, addScaled, beside, columns, gather, oneHot, range, total } from './rows.mjs';

/** @typedef {import('./model.mjs').Vae} Vae */
/** @typedef {import('./model.mjs').Sampling} Sampling */
/** @typedef {import('./data.mjs').Images} Images */
/** @typedef {import('./product.mjs').Floats} Floats */

/** Labelled images a step, drawn with replacement. */
const KNOWN = 20;
/** What a nat of their mean cross-entropy weighs against a nat of the mean negative ELBO. */
const WEIGHT = 50;

/**
 * What is done about a class that is not known. `guess` gives rows of classes to decode, as many for each image, and what
 * the negative ELBO there weighs; `vjp` the gradient in the logits of q(class | image), from the weighted negative ELBOs and
 * their gradient in the classes.
 */
const GUESSES = {
  /** Every class, weighted by q. */
  marginalised: {
    guess(logits, n) {
      const every = range(logits.length).map((i) => i % n);
      return { classes: oneHot(every, n, logits), weights: softmax(logits, n) };
    },
    vjp({ weights }, n, bounds) {
      const dWeights = weights.map((_, r) => bounds[r]);
      return softmax.vjp(weights, dWeights, n);
    },
  },
  /** One relaxed sample of q. */
  sampled: {
    guess(logits, n, source, temperature) {
      const classes = gumbelSoftmax(source, logits, n, { temperature });
      return { classes, weights: logits.slice(0, logits.length / n).fill(1) };
    },
    vjp: ({ classes }, n, _bounds, dClasses, temperature) => gumbelSoftmax.vjp(classes, dClasses, n, { temperature }),
  },
};

/** @typedef {keyof typeof GUESSES} Unknown */
export const UNKNOWN = /** @type {Unknown[]} */ (Object.keys(GUESSES));

/**
 * Learning with few labels: the negative ELBO of p(image | class, latents) under q(class | image) where the label is not
 * looked at; that at the label where it is, but for the constant log p(class), and the cross-entropy of q.
 *
 * Source: Kingma et al. 2014, model M2; Jang et al. 2017, section 4.3.
 */
export class SemiSupervised {
  /**
   * @param {Vae} vae with classes @param {import('./adam.mjs').Adam} adam @param {import('anymax').Key} source of weights
   * @param {Int32Array} labelled the images whose labels are looked at @param {Unknown} unknown
   */
  constructor(vae, adam, source, labelled, unknown) {
    this.vae = vae;
    this.labelled = labelled;
    this.guesses = GUESSES[unknown];
    this.classifier = new Dense(adam, vae.encoder.outputs, vae.classes, source);
  }

  /**
   * Adds the gradient of the mean over some images, and gives the sum of each term over them.
   * @param {Images} images @param {Int32Array} chosen @param {Sampling} sampling
   * @returns {Record<string, number>}
   */
  step(images, chosen, sampling) {
    const { vae, guesses } = this;
    const { temperature } = sampling;
    const n = vae.classes;
    const count = chosen.length;
    const [pick, draw, source] = split(sampling.source, 3);
    const known = random.uniform(pick, KNOWN).map((u) => this.labelled[Math.floor(u * this.labelled.length)]);
    const all = Int32Array.of(...chosen, ...known);
    const h = vae.encode(images, all);
    const logits = this.logitsOf(h, all.length);
    const [free, fixed] = [logits.subarray(0, count * n), logits.subarray(count * n)];
    const labels = Array.from(known, (i) => images.labels[i]);
    const guess = guesses.guess(free, n, draw, temperature);
    const target = oneHot(labels, n, h);

    // Rows to decode: the guesses, then the labelled images. Row r is of image all[owners[r]].
    const rows = guess.weights.length;
    const owners = range(rows + KNOWN).map((r) => (r < rows ? Math.floor((r * count) / rows) : count + r - rows));
    const weights = Float64Array.from(owners, (_, r) => (r < rows ? guess.weights[r] : 1) / count);
    const code = beside(gather(h, vae.encoder.outputs, owners), above(guess.classes, target), owners.length);
    const targets = owners.map((owner) => all[owner]);
    const { reconstruction, kl } = vae.bound(code, images, targets, { ...sampling, source });
    const dCode = vae.boundBackward(weights);

    const bounds = reconstruction.map((value, r) => value + kl[r]);
    const dClasses = columns(dCode, owners.length, vae.encoder.outputs, n).subarray(0, rows * n);
    const shares = bounds.map((bound) => bound / count);
    const dFree = guesses.vjp(guess, n, shares, dClasses, temperature);
    const prior = categorical(1, n).kl.analytic(free);
    addScaled(dFree, prior.logits, new Float64Array(count).fill(1 / count));
    const dFixed = softmax(fixed, n).map((q, i) => ((q - target[i]) * WEIGHT) / KNOWN);
    this.backward(images, all, above(dFree, dFixed), dCode, owners);

    const logQ = logSoftmax(fixed, n);
    const weighted = (terms, from, to) => count * total(weights.map((w, r) => w * terms[r]).subarray(from, to));
    return {
      reconstruction: weighted(reconstruction, 0, rows),
      KL: weighted(kl, 0, rows),
      'class KL': total(prior.value),
      labelled: weighted(bounds, rows),
      'cross-entropy': (-count * WEIGHT * total(logQ.map((value, i) => value * target[i]))) / KNOWN,
    };
  }

  /** The logits of q(class | image). @param {Floats} h @param {number} rows */
  logitsOf(h, rows) {
    const logits = this.vae.take('class', rows * this.vae.classes);
    this.classifier.forward(h, rows, logits);
    return logits;
  }

  /**
   * From the gradients in the logits of the class and in the code, whose row r has the hidden values of `owners[r]`.
   * @param {Images} images @param {Int32Array} chosen @param {Floats} dLogits @param {Floats} dCode @param {Int32Array} owners
   */
  backward(images, chosen, dLogits, dCode, owners) {
    const { vae, classifier } = this;
    const { inputs } = classifier;
    const h = vae.take('h', chosen.length * inputs);
    const dh = vae.take('dh', h.length);
    classifier.backward(h, dLogits, chosen.length, dh);
    const width = dCode.length / owners.length;
    owners.forEach((owner, r) => {
      for (let i = 0; i < inputs; i++) dh[owner * inputs + i] += dCode[r * width + i];
    });
    vae.encodeBackward(images, chosen, dh);
  }

  /** The likeliest class of each row. @param {Floats} h @param {number} rows */
  read(h, rows) {
    return argmax(this.logitsOf(h, rows), this.vae.classes);
  }

  /**
   * How many of a hundred images are read as their label.
   * @param {Images} images @returns {Record<string, number>}
   */
  evaluate(images) {
    let right = 0;
    for (let from = 0; from < images.count; from += CHUNK) {
      const chosen = range(Math.min(CHUNK, images.count - from)).map((i) => from + i);
      const read = this.read(this.vae.encode(images, chosen), chosen.length);
      right += read.filter((label, i) => label === images.labels[from + i]).length;
    }
    return { 'accuracy %': (100 * right) / images.count };
  }
}
