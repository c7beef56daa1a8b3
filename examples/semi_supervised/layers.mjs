/** Parameters in arrays of an optimiser, and layers that are functions of them as tensors. */
import { random, split } from 'anymax';
import { tf } from './tfjs.mjs';

/** @typedef {import('@tensorflow/tfjs').Tensor} Tensor */
/** @typedef {import('../vae/adam.mjs').Adam} Adam */

/** The parameters of a model: an array each, which the optimiser moves. */
export class Parameters {
  /** @type {number[][]} */
  shapes = [];

  /** @param {Adam} adam */
  constructor(adam) {
    this.adam = adam;
  }

  /** A new one; its index. @param {number[]} shape @param {import('anymax').Key | number} source of its values, or their value */
  add(shape, source) {
    const { value } = this.adam.tensor(tf.util.sizeFromShape(shape));
    // He et al. 2015 for relu, by its uniform form: +-sqrt(6 / inputs), halved, as inputs of several kinds add up
    const bound = Math.sqrt(6 / shape[0]) / 2;
    if (typeof source === 'number') value.fill(source);
    else random.uniform(source, value).forEach((u, i) => (value[i] = (2 * u - 1) * bound));
    return this.shapes.push(shape) - 1;
  }

  /** @returns {Tensor[]} */
  tensors() {
    return this.adam.tensors.map(({ value }, i) => tf.tensor(value, this.shapes[i]));
  }

  /** @param {Tensor[]} gradients */
  setGradients(gradients) {
    gradients.forEach((gradient, i) => this.adam.tensors[i].gradient.set(gradient.dataSync()));
  }
}

/** y = sum_i x_i W_i + b for inputs of several kinds. */
export class Linear {
  /** @param {Parameters} parameters @param {Record<string, number>} inputs widths by name @param {number} outputs */
  constructor(parameters, inputs, outputs, source) {
    const names = Object.keys(inputs);
    const keys = split(source, names.length);
    this.weights = Object.fromEntries(names.map((name, i) => [name, parameters.add([inputs[name], outputs], keys[i])]));
    this.bias = parameters.add([outputs], 0);
    this.outputs = outputs;
  }

  /**
   * One input has the rows of a matrix, or `classes` of them: [classes, rows, width]. The class is a matrix of rows, or
   * 'every', for all classes at once, as the leading axis.
   * @param {Tensor[]} p parameters @param {Record<string, Tensor | 'every'>} inputs
   * @returns {Tensor} [classes, rows, outputs], of which classes may be 1
   */
  apply(p, inputs) {
    const parts = Object.entries(this.weights).map(([name, index]) => {
      const x = inputs[name];
      const w = p[index];
      if (x === 'every') return tf.expandDims(w, 1);
      const shape = x.shape.length === 2 ? [1, ...x.shape] : x.shape;
      return tf.reshape(tf.matMul(tf.reshape(x, [-1, shape[2]]), w), [shape[0], shape[1], this.outputs]);
    });
    return parts.reduce((a, b) => tf.add(a, b), p[this.bias]);
  }
}

/** Mean and 1 / deviation of each column. @typedef {{ mean: Tensor, scale: Tensor }} Moments */

/** Under the root of a variance. */
const EPSILON = 1e-3;

/** Sums of columns, as a product with ones: quicker than a sum over the rows. @param {Tensor} x rows x width @returns {Tensor} */
const columnSums = (x) => tf.matMul(tf.ones([1, x.shape[0]]), x);

/** @param {Tensor} x rows x width @returns {Moments} */
function momentsOf(x) {
  const [rows] = x.shape;
  const mean = tf.div(columnSums(x), rows);
  const variance = tf.div(columnSums(tf.square(tf.sub(x, mean))), rows);
  return { mean, scale: tf.rsqrt(tf.add(variance, EPSILON)) };
}

/** What is done to the hidden values of a layer. @typedef {(x: Tensor, gain: Tensor, offset: Tensor) => Tensor} Normalise */

/**
 * Batch normalisation, its gradient written out: dx = gain scale (dy - mean dy - y mean(dy y)), y the values without gain and
 * offset. Source: Ioffe and Szegedy 2015.
 * @type {Normalise}
 */
function batchNorm(x, gain, offset) {
  return tf.customGrad((values, g, o, save) => {
    const matrix = tf.reshape(values, [-1, values.shape[2]]);
    const { mean, scale } = momentsOf(matrix);
    const y = tf.mul(tf.sub(matrix, mean), scale);
    save([y, scale, g]);
    return {
      value: tf.reshape(tf.add(tf.mul(y, g), o), values.shape),
      gradFunc(d, [saved, savedScale, savedGain]) {
        const dy = tf.reshape(d, saved.shape);
        const [sum, product] = [columnSums(dy), columnSums(tf.mul(dy, saved))];
        const [rows] = saved.shape;
        const rest = tf.sub(dy, tf.div(tf.add(sum, tf.mul(saved, product)), rows));
        const dx = tf.reshape(tf.mul(rest, tf.mul(savedScale, savedGain)), d.shape);
        return [dx, tf.reshape(product, g.shape), tf.reshape(sum, o.shape)];
      },
    };
  })(x, gain, offset);
}

/** By the moments of these values, which are kept in a list. @param {Moments[]} list @returns {Normalise} */
export const recording = (list) => (x, gain, offset) => {
  list.push(momentsOf(tf.reshape(x, [-1, x.shape[2]])));
  return normalised(x, list.at(-1), gain, offset);
};

/** By moments that have been kept, in their order. @param {Moments[]} list @returns {Normalise} */
export function replaying(list) {
  let at = 0;
  return (x, gain, offset) => normalised(x, list[at++], gain, offset);
}

/** @param {Tensor} x @param {Moments} moments @param {Tensor} gain @param {Tensor} offset */
const normalised = (x, { mean, scale }, gain, offset) => tf.add(tf.mul(tf.mul(tf.sub(x, mean), scale), gain), offset);

/** Hidden layers of one width, batch normalisation and relu behind each; then outputs by their names. */
export class Network {
  /**
   * @param {Parameters} parameters @param {Record<string, number>} inputs @param {Record<string, number>} outputs
   * @param {{ hidden: number, depth: number }} size @param {import('anymax').Key} source
   */
  constructor(parameters, inputs, outputs, { hidden, depth }, source) {
    const names = Object.keys(outputs);
    const keys = split(source, depth + names.length);
    this.layers = Array.from({ length: depth }, (_, i) => ({
      linear: new Linear(parameters, i === 0 ? inputs : { h: hidden }, hidden, keys[i]),
      gain: parameters.add([hidden], 1),
      offset: parameters.add([hidden], 0),
    }));
    this.outputs = names.map(
      (name, i) => /** @type {const} */ ([name, new Linear(parameters, { h: hidden }, outputs[name], keys[depth + i])]),
    );
  }

  /**
   * @param {Tensor[]} p @param {Record<string, Tensor | 'every'>} inputs @param {Normalise} [normalise]
   * @returns {Record<string, Tensor>}
   */
  apply(p, inputs, normalise = batchNorm) {
    let h;
    for (const { linear, gain, offset } of this.layers) {
      h = tf.relu(normalise(linear.apply(p, h ? { h } : inputs), p[gain], p[offset]));
    }
    return Object.fromEntries(this.outputs.map(([name, layer]) => [name, layer.apply(p, { h })]));
  }
}
