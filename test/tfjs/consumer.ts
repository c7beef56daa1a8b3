import * as tf from '@tensorflow/tfjs';
import {
  concreteLogProb,
  entmax,
  gumbelSigmoid,
  gumbelSoftmax,
  hardmax,
  key,
  logSoftmax,
  semiSupervisedMarginal,
  softmax,
  sparsemax,
} from 'anymax';
import { lift } from 'anymax/tfjs';

const x = tf.zeros([2, 3]);
export const p: tf.Tensor = lift(softmax, { tf, temperature: 0.5 })(x);
export const q: tf.Tensor = lift(entmax(1.3), { tf, axis: -1 })(x);
export const logP: tf.Tensor = lift(logSoftmax, { tf })(x);
export const y: tf.Tensor = lift(gumbelSoftmax, { tf, temperature: 0.5, max: sparsemax })(key(1), x);
export const bits: tf.Tensor = lift(gumbelSigmoid, { tf })(key(1), x);
export const density: tf.Tensor = lift(concreteLogProb, { tf, temperature: 1 })(y, x);
export const loss: tf.Tensor = lift(softmax.loss, { tf })(x, Int32Array.of(0, 1));
export const hard: tf.Tensor = lift(hardmax, { tf })(y);
export const bound: tf.Tensor = lift(semiSupervisedMarginal, { tf, weight: 2 })(x, x, Int32Array.of(0, -1));
// @ts-expect-error a sampler wants a source
lift(gumbelSoftmax, { tf })(x);
// @ts-expect-error there is no such option
lift(softmax, { tf, tau: 1 });
// @ts-expect-error the function of a sampler of integers has no gradient
lift((await import('anymax')).gumbelMax, { tf });
