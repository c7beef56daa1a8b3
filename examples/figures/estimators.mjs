import { scaleLinear, scaleLog } from 'd3-scale';
import { exactGradient } from '../estimators/estimators.mjs';
import { compare, vanish } from '../estimators/measure.mjs';
import { axes, band, card, COLOURS, curve, legend, MUTED, rule } from './chart.mjs';

const STYLES = {
  'score function': [COLOURS[2], '6 4'],
  'score function, baseline': [COLOURS[2]],
  'straight-through': [COLOURS[1]],
  'Gumbel-Softmax': [COLOURS[0]],
};
const powers = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => 10 ** (from + i));

/** Bias and variance of the estimators of examples/estimators against temperature. */
export function estimators() {
  const results = compare();
  const x = (left) => scaleLog([0.1, 10], [left, left + 300]);
  const exact = Math.hypot(...exactGradient());
  const ticks = { xTicks: [0.1, 1, 10], xLabel: 'temperature T' };
  const bias = { x: x(68), y: scaleLinear([0, 0.45], [300, 44]) };
  const variance = { x: x(456), y: scaleLog([1e-5, 100], [300, 44]) };
  const yTicks = powers(-5, 2).map((value, i) => [value, `10${superscript(i - 5)}`]);
  const title = 'Bias and variance of gradient estimators: what the relaxed ones gain in variance they pay in bias';
  const names = Object.entries(STYLES).map(([name, style]) => [name, ...style]);
  return card({ width: 992, height: 356, title }, [
    axes({ ...bias, ...ticks, yTicks: [0, 0.1, 0.2, 0.3, 0.4], yLabel: 'norm of the bias', title: 'bias' }),
    rule([bias.x(0.1), bias.y(exact)], [bias.x(10), bias.y(exact)], MUTED, '3 4'),
    ...curvesOf(results, 'bias', bias),
    axes({ ...variance, ...ticks, yTicks, yLabel: 'summed over the logits', title: 'variance of one draw' }),
    ...curvesOf(results, 'variance', variance),
    legend([774, 110], [...names, ['norm of the exact gradient', MUTED, '3 4']]),
  ]);
}

/** A curve for each estimator: of its temperatures, or level where it has none, with two standard errors each way. */
function curvesOf(results, measure, scales) {
  return Object.entries(STYLES).flatMap(([name, [colour, dash]]) => {
    const own = results.filter((result) => result.name === name);
    const at = own.length > 1 ? own : scales.x.domain().map((temperature) => ({ ...own[0], temperature }));
    const errors = at.map(({ temperature, [measure]: value, [`${measure}Error`]: error }) => [
      temperature,
      Math.max(value - 2 * error, scales.y.domain()[0]),
      value + 2 * error,
    ]);
    return [
      band(errors, scales, colour),
      curve(
        at.map(({ temperature, [measure]: value }) => [temperature, value]),
        scales,
        colour,
        dash,
      ),
    ];
  });
}

/** The norm of the Gumbel-Softmax gradient of a draw against temperature: quartiles, median, mean. */
export function vanishing() {
  const floor = 1e-8;
  const rows = vanish();
  const scales = { x: scaleLog([0.01, 100], [72, 452]), y: scaleLog([floor, 10], [300, 44]) };
  const frame = axes({
    ...scales,
    xTicks: [0.01, 0.1, 1, 10, 100],
    yTicks: powers(-8, 1).map((value, i) => [value, `10${superscript(i - 8)}`]),
    xLabel: 'temperature T',
    yLabel: 'norm of the gradient',
    title: 'Gumbel-Softmax gradient of one draw',
  });
  const of = (name) => rows.map(({ temperature, [name]: value }) => [temperature, Math.max(value, 1e-100)]);
  const quartiles = rows.map(({ temperature, lower, upper }) => [temperature, Math.max(lower, 1e-100), upper]);
  const title = 'The Gumbel-Softmax gradient of most draws vanishes as the temperature falls, while its mean does not';
  const names = [
    ['mean', COLOURS[1]],
    ['median', COLOURS[0]],
    ['middle half of draws', '#9cc9e2'],
  ];
  return card({ width: 640, height: 356, title }, [
    '<clipPath id="frame"><path d="M72,44H452V300H72Z"/></clipPath>',
    frame,
    '<g clip-path="url(#frame)">',
    band(quartiles, scales, COLOURS[0]),
    curve(of('median'), scales, COLOURS[0]),
    curve(of('mean'), scales, COLOURS[1]),
    '</g>',
    legend([472, 130], names),
  ]);
}

/** @param {number} power */
function superscript(power) {
  return String(power).replace(/./g, (character) => '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'['-0123456789'.indexOf(character)]);
}
