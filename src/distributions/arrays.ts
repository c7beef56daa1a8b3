import { checkInteger, type Floats, kindOf } from '../engine/check.ts';
import { doubles, rounded } from '../max/elementary.ts';

/** Gradients of all draws, added up for the parameter that the draws share. */
export function summed<A extends Floats>(gradient: Floats, like: A, length = like.length): A {
  const total = new Float64Array(length);
  for (let i = 0; i < gradient.length; i++) total[i % length]! += gradient[i]!;
  return rounded(total, kindOf(like));
}

/** A parameter for each draw. */
export function repeated<A extends Floats>(parameter: A, draws: number): A {
  const { length } = parameter;
  return rounded(
    doubles(checkInteger('draws', draws, 1) * length, (i) => parameter[i % length]!),
    kindOf(parameter),
  );
}
