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

  /** A new one; its index. @param {number[]} shape @param {import('anymax').Key} [source] of its values; zeros if not given */
  add(shape, source) {
    const { value } = this.adam.tensor(tf.util.sizeFromShape(shape));
    // He et al. 2015 for relu, by its uniform form: +-sqrt(6 / inputs), halved, as inputs of several kinds add up
    const bound = Math.sqrt(6 / shape[0]) / 2;
    if (source) random.uniform(source, value).forEach((u, i) => (value[i] = (2 * u - 1) * bound));
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
    this.bias = parameters.add([outputs]);
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

/** Hidden layers of one width, relu behind each; then outputs by their names. */
export class Network {
  /**
   * @param {Parameters} parameters @param {Record<string, number>} inputs @param {Record<string, number>} outputs
   * @param {{ hidden: number, depth: number }} size @param {import('anymax').Key} source
   */
  constructor(parameters, inputs, outputs, { hidden, depth }, source) {
    const names = Object.keys(outputs);
    const keys = split(source, depth + names.length);
    this.layers = Array.from(
      { length: depth },
      (_, i) => new Linear(parameters, i === 0 ? inputs : { h: hidden }, hidden, keys[i]),
    );
    this.outputs = names.map(
      (name, i) => /** @type {const} */ ([name, new Linear(parameters, { h: hidden }, outputs[name], keys[depth + i])]),
    );
  }

  /** @param {Tensor[]} p @param {Record<string, Tensor | 'every'>} inputs @returns {Record<string, Tensor>} */
  apply(p, inputs) {
    const [first, ...others] = this.layers;
    let h = tf.relu(first.apply(p, inputs));
    for (const layer of others) h = tf.relu(layer.apply(p, { h }));
    return Object.fromEntries(this.outputs.map(([name, layer]) => [name, layer.apply(p, { h })]));
  }
}
