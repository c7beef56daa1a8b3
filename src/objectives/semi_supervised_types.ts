import type { Floats } from '../engine/kind.ts';
import type { Values } from '../engine/resident.ts';

/** The options of the semi-supervised objectives. */
export interface SemiSupervisedOptions {
  /** The weight of the classifier's own loss on labelled rows, alpha in Kingma et al.: >= 0; 1 if absent. */
  readonly weight?: number | undefined;
}

/** The options of the gradient with a sampled class. */
export interface SampledGradientOptions extends SemiSupervisedOptions {
  /** The temperature of the sample y; 1 if absent. */
  readonly temperature?: number | undefined;
}

/** What `semiSupervisedMarginal` is. */
export interface SemiSupervisedMarginal {
  /**
   * The objective of each row, with the class marginalised.
   *
   * @param losses The caller's loss for each class, rows x n.
   * @param logits The classifier's, rows x n.
   * @param labels The class of each row, -1 for none (Int32Array).
   * @param n The number of classes.
   * @param options `weight` of the classifier's own loss on labelled rows, 1 if absent.
   * @returns One value per row.
   * @throws As softmax; RangeError for a weight that is negative or NaN.
   */
  <A extends Floats>(
    losses: Values<A>,
    logits: Values<A>,
    labels: Values<Int32Array>,
    n: number,
    options?: SemiSupervisedOptions,
  ): A;
  /**
   * The gradients of sum_r dObjective_r objective_r, without a label and with label k:
   *
   *     losses: q             logits: q (losses + log q - objective)
   *     losses: 1 at k        logits: weight (q - 1 at k)
   *
   * @param losses The caller's loss for each class, rows x n.
   * @param logits The classifier's, rows x n.
   * @param labels The class of each row, -1 for none.
   * @param dObjective The gradient by each objective: one value per row.
   * @param n The number of classes.
   * @param options The `weight` of the objective.
   * @returns The two gradients, each rows x n.
   * @throws As the objective.
   */
  vjp<A extends Floats>(
    losses: Values<A>,
    logits: Values<A>,
    labels: Values<Int32Array>,
    dObjective: Values<A>,
    n: number,
    options?: SemiSupervisedOptions,
  ): { losses: A; logits: A };
}

/** What `semiSupervisedSampled` is. */
export interface SemiSupervisedSampled {
  /**
   * The objective of each row, with the class sampled.
   *
   * @param loss The caller's loss at a sample of the class, or at the label: one value per row.
   * @param logits The classifier's, rows x n.
   * @param labels The class of each row, -1 for none (Int32Array).
   * @param n The number of classes.
   * @param options `weight` of the classifier's own loss on labelled rows, 1 if absent.
   * @returns One value per row.
   * @throws As semiSupervisedMarginal.
   */
  <A extends Floats>(
    loss: Values<A>,
    logits: Values<A>,
    labels: Values<Int32Array>,
    n: number,
    options?: SemiSupervisedOptions,
  ): A;
  /**
   * The gradient of sum_r dObjective_r objective_r by the logits: through q, and through the sample (gumbelSoftmax.vjp; only in
   * rows without a label). The gradient of the losses is dObjective. Where something else carries the path through the
   * sample, such as an autograd system, pass zeros as dy.
   *
   * @param y The relaxed samples, rows x n.
   * @param dy The gradient of each row's loss by its y, rows x n.
   * @param logits The classifier's, rows x n.
   * @param labels The class of each row, -1 for none.
   * @param dObjective The gradient by each objective: one value per row.
   * @param n The number of classes.
   * @param options The `temperature` of the samples and the `weight` of the objective.
   * @returns `logits`, rows x n.
   * @throws As the objective.
   */
  vjp<A extends Floats>(
    y: Values<A>,
    dy: Values<A>,
    logits: Values<A>,
    labels: Values<Int32Array>,
    dObjective: Values<A>,
    n: number,
    options?: SampledGradientOptions,
  ): { logits: A };
}
