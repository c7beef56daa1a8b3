import { round } from '../lane.ts';

/** What logits and T are multiplied by on their way to a score: 1/2 where x - max may leave the range and (x - max) / T not. */
export function scaleOf(temperature: number): number {
  return temperature > 1 ? 0.5 : 1;
}

/** (v - max) / T of what is not masked; max and T have been multiplied by `scale`. */
export function z(v: number, max: number, temperature: number, scale: number): number {
  return round(round(v * scale - max) / temperature);
}
