import { argmax, foldIn, key, split } from 'anymax';
import { permutation } from '../digits/regression.mjs';
import { Adam } from '../vae/adam.mjs';
import { binarised, CLASSES, moved, pick, PIXELS } from './data.mjs';
import { Parameters } from './layers.mjs';
import { Model } from './model.mjs';
import { learn } from './objective.mjs';
import { tf } from './tfjs.mjs';

/** @typedef {import('./data.mjs').Data} Data */
/** @typedef {import('../digits/idx.mjs').Digits} Digits */

/**
 * All that decides a run, but for the images.
 * @typedef {object} Settings
 * @property {number} seed of the split, the weights and all noise
 * @property {import('./model.mjs').Kind} model
 * @property {import('./objective.mjs').Unknown} unknown what is done about a class that is not known
 * @property {number} labels how many images have one: as many of each class
 * @property {number} validation images that progress is measured on
 * @property {number} hidden width of the hidden layers
 * @property {number} depth how many of them
 * @property {number} latents width of z, and of a
 * @property {number} klWeight of the KL terms of z and a
 * @property {number} weight of the cross-entropy of the labelled images
 * @property {number} temperature of the sampled class
 * @property {number} batch images without a label per step
 * @property {number} labelled images with one per step
 * @property {number} shift by how many pixels labelled images are moved at most, anew in each step
 * @property {number} rate of Adam, until half of the run is over; then it falls linearly to 0
 */

/** @type {Settings} */
export const DEFAULTS = {
  seed: 1,
  model: 'm2',
  unknown: 'sampled',
  labels: 100,
  validation: 1000,
  hidden: 128,
  depth: 2,
  latents: 32,
  klWeight: 4,
  weight: 9,
  temperature: 0.5,
  batch: 100,
  labelled: 50,
  rate: 0.0015,
  shift: 2,
};

/** Images at a time where nothing is learnt. */
const CHUNK = 1000;
/** Images without a label whose moments normalise hidden values there. */
const REFERENCE = 1000;

/** A model, what it learns by, and how far it has come. */
export class Session {
  /**
   * Epochs done: the CPU that all took until then, the mean loss, the accuracy on the images for validation.
   * @type {{ seconds: number, loss: number, accuracy: number }[]}
   */
  history = [];

  /** @param {Settings} settings @param {Data} data */
  constructor(settings, data) {
    const [weights, training] = split(key(settings.seed), 2);
    this.settings = settings;
    this.data = data;
    this.training = training;
    this.parameters = new Parameters(new Adam());
    const { model, hidden, depth, latents, klWeight } = settings;
    const shape = { hidden, depth, latents, klWeight, pixels: PIXELS, classes: CLASSES };
    this.model = new Model(model, shape, this.parameters, weights);
  }

  get epoch() {
    return this.history.length;
  }

  get seconds() {
    return this.history.at(-1)?.seconds ?? 0;
  }

  /**
   * One pass over the images without a label, in a new random order; the mean loss on the way. What is drawn depends on the
   * seed, the epoch and the step alone, so that an epoch can begin wherever the parameters have been kept.
   *
   * Errors: Error saying where, as soon as the loss is not finite; the parameters are then those before the step.
   * @param {number} progress from 0 to 1, how much of the run is over @param {(step: number, steps: number) => void} [onStep]
   */
  train(progress, onStep) {
    const { settings, data, parameters, model } = this;
    const { batch, labelled } = settings;
    const source = foldIn(this.training, this.epoch + 1);
    const order = permutation(data.unlabelled.count, foldIn(source, 0));
    const steps = Math.floor(order.length / batch);
    const rate = settings.rate * Math.min(1, 2 * (1 - progress));
    let sum = 0;
    for (let step = 1; step <= steps; step++) {
      const [known, ink, noise, place] = split(foldIn(source, step), 4);
      const free = pick(data.unlabelled, order.subarray((step - 1) * batch, step * batch));
      const some = pick(data.labelled, permutation(data.labelled.count, known).subarray(0, labelled));
      const given = moved(some, settings.shift, place);
      const images = new Float32Array(free.images.length + given.images.length);
      images.set(free.images);
      images.set(given.images, free.images.length);
      const inks = { x: binarised(images, ink), free: batch, labels: given.labels };
      const loss = learn(model, parameters, inks, { ...settings, source: noise });
      if (!Number.isFinite(loss)) {
        throw new Error(`epoch ${this.epoch + 1}, step ${step} of ${steps}: the loss is ${loss}; stopped`);
      }
      parameters.adam.step(rate);
      sum += loss;
      onStep?.(step, steps);
    }
    return sum / steps;
  }

  /** How many of a hundred digits are read as their label. @param {Digits} digits */
  accuracy(digits) {
    const { parameters, model, data } = this;
    let right = 0;
    const tensor = ({ images }, from, count) =>
      tf.tensor(images.subarray(from * PIXELS, (from + count) * PIXELS), [count, PIXELS]);
    for (let from = 0; from < digits.count; from += CHUNK) {
      const count = Math.min(CHUNK, digits.count - from);
      tf.tidy(() => {
        const others = tensor(data.unlabelled, 0, Math.min(REFERENCE, data.unlabelled.count));
        const logits = model.read(parameters.tensors(), tensor(digits, from, count), others).dataSync();
        right += argmax(logits, CLASSES).filter((label, i) => label === digits.labels[from + i]).length;
      });
    }
    return (100 * right) / digits.count;
  }
}
