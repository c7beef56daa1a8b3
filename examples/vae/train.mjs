import { foldIn, split } from 'anymax';
import { shifted } from './data.mjs';
import { permutation } from '../digits/regression.mjs';

/** @typedef {import('./data.mjs').Images} Images */
/** @typedef {import('./latents.mjs').Relaxation} Relaxation */

/**
 * @typedef {object} Plan
 * @property {number} batch images per step
 * @property {number} rate of Adam in the first epoch
 * @property {number} slowing its factor from epoch to epoch
 * @property {number} decay of the weights in a step, in parts of the rate
 * @property {number} shift by how many pixels images are moved at most
 * @property {number} temperature of the first epoch
 * @property {number} cooling its factor from epoch to epoch
 * @property {number} coldest where it stops
 * @property {Relaxation} relaxation of the KL term
 * @property {boolean} straightThrough
 */

/**
 * What learns: `step` adds the gradient of the mean over some images and gives the sum of each term of the loss.
 * @typedef {{ step(images: Images, chosen: Int32Array, sampling: import('./model.mjs').Sampling): Record<string, number> }}
 *   Objective
 */

/** A value times its factor for each epoch after the first. By repeated products, which have the same bits in every engine. */
function fallen(value, factor, epoch) {
  for (let e = 1; e < epoch; e++) value *= factor;
  return value;
}

/** The temperature of an epoch, counted from 1. @param {Plan} plan @param {number} epoch */
export const temperatureAt = ({ temperature, cooling, coldest }, epoch) =>
  Math.max(fallen(temperature, cooling, epoch), coldest);

/**
 * One pass over the images in a new random order; the mean of each term on the way. What is drawn depends on the key, the
 * epoch and the step alone, so that an epoch can begin wherever the parameters have been kept.
 *
 * Errors: Error saying where, as soon as a term is not finite; the parameters are then those before the step.
 * @param {Objective} objective @param {import('./adam.mjs').Adam} adam @param {Images} images @param {Plan} plan
 * @param {{ epoch: number, source: import('anymax').Key, onStep?: (step: number, steps: number) => void }} where
 * @returns {Record<string, number>}
 */
export function trainEpoch(objective, adam, images, plan, { epoch, source, onStep }) {
  const { batch, decay, shift, relaxation, straightThrough } = plan;
  const [shuffling, sampling, moving] = split(foldIn(source, epoch), 3);
  const rate = fallen(plan.rate, plan.slowing, epoch);
  const moved = shift === 0 ? images : shifted(images, shift, moving);
  const order = permutation(images.count, shuffling);
  const steps = Math.ceil(images.count / batch);
  const temperature = temperatureAt(plan, epoch);
  const sums = {};
  for (let step = 1; step <= steps; step++) {
    const chosen = order.subarray((step - 1) * batch, step * batch);
    const how = { source: foldIn(sampling, step), temperature, relaxation, straightThrough };
    for (const [name, value] of Object.entries(objective.step(moved, chosen, how))) {
      if (!Number.isFinite(value)) {
        throw new Error(
          `epoch ${epoch}, step ${step} of ${steps}: the term '${name}' of the loss is ${value}; stopped`,
        );
      }
      sums[name] = (sums[name] ?? 0) + value;
    }
    adam.step(rate, decay);
    onStep?.(step, steps);
  }
  return Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / images.count]));
}
