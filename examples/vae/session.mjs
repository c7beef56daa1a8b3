import { foldIn, key, split } from 'anymax';
import { Adam } from './adam.mjs';
import { PIXELS } from './data.mjs';
import { Elbo } from './elbo.mjs';
import { binary, categorical } from './latents.mjs';
import { Vae } from './model.mjs';
import { temperatureAt, trainEpoch } from './train.mjs';

/** @typedef {ReturnType<typeof import('./data.mjs').readImages>} Data */

/**
 * All that decides the bits of a run, but for the images.
 * @typedef {object} Settings
 * @property {number} seed
 * @property {'categorical' | 'binary'} latents
 * @property {import('./latents.mjs').Relaxation} relaxation of the KL term
 * @property {boolean} straightThrough
 * @property {'plain' | 'tfjs'} product of matrices
 * @property {number} hidden
 * @property {number} batch images per step
 * @property {number} rate of Adam in the first epoch
 * @property {number} slowing its factor from epoch to epoch
 * @property {number} decay of the weights in a step, in parts of the rate
 * @property {number} shift by how many pixels images are moved at most, anew each epoch
 * @property {number} temperature in the first epoch
 * @property {number} cooling its factor from epoch to epoch
 * @property {number} coldest where it stays
 */

/** @type {Settings} */
export const DEFAULTS = {
  seed: 1,
  latents: 'categorical',
  relaxation: 'analytic',
  straightThrough: false,
  product: 'plain',
  hidden: 256,
  batch: 100,
  rate: 0.001,
  slowing: 1,
  decay: 0,
  shift: 0,
  temperature: 1,
  cooling: 0.97,
  coldest: 0.5,
};

const LATENTS = { categorical: () => categorical(20, 10), binary: () => binary(200) };

/** A model, what it learns by, and how far it has come. */
export class Session {
  /** Epochs done. */
  epoch = 0;

  /** @param {Settings} settings @param {Data} data @param {Float32ArrayConstructor | Float64ArrayConstructor} [Floats] */
  constructor(settings, data, Floats = Float32Array) {
    const { seed, latents, hidden } = settings;
    const [weights, training, test, picture] = split(key(seed), 4);
    this.settings = settings;
    this.data = data;
    this.sources = { training, test, picture };
    this.adam = new Adam(Floats);
    const shape = { pixels: PIXELS, hidden, latents: LATENTS[latents]() };
    this.vae = new Vae(this.adam, weights, shape);
    this.objective = new Elbo(this.vae);
  }

  get temperature() {
    return temperatureAt(this.settings, this.epoch);
  }

  /** The next epoch: its mean terms. @param {(step: number, steps: number) => void} [onStep] */
  train(onStep) {
    const where = { epoch: this.epoch + 1, source: this.sources.training, onStep };
    const terms = trainEpoch(this.objective, this.adam, this.data.training, this.settings, where);
    this.epoch++;
    return terms;
  }

  /** What the test images show. @param {number} samples of the latents for each */
  evaluate(samples) {
    return this.objective.evaluate(this.data.test, foldIn(this.sources.test, this.epoch), samples);
  }
}
