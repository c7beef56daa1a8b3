import { scaleLinear, scaleLog } from 'd3-scale';
import { exactGradient } from '../estimators/estimators.mjs';
import { compare, DRAWS, vanish } from '../estimators/measure.mjs';
import { axes, band, card, COLOURS, curve, FAINT, level, nameAt, names } from './chart.mjs';

const STYLES = {
  'score function': { colour: COLOURS[2], dash: '6 4' },
  'score function, baseline': { colour: COLOURS[2] },
  'straight-through': { colour: COLOURS[1] },
  'Gumbel-Softmax': { colour: COLOURS[0] },
};
const powers = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => 10 ** (from + i));

/** Bias and variance of the estimators of examples/estimators against temperature. */
export function estimators() {
  const results = compare();
  const x = (left) => scaleLog([0.1, 10], [left, left + 270]);
  const exact = Math.hypot(...exactGradient());
  const ticks = { xTicks: [0.1, 1, 10], xLabel: 'temperature T' };
  const bias = { x: x(56), y: scaleLinear([0, 0.45], [316, 84]) };
  const variance = { x: x(400), y: scaleLog([1e-5, 100], [316, 84]) };
  const yTicks = powers(-5, 2).map((value, i) => [value, `10${superscript(i - 5)}`]);
  const title = 'Relaxed estimators pay in bias for their lower variance';
  const subtitle = `Estimators of a gradient, ${DRAWS.toLocaleString('en')} draws each; bands: two standard errors`;
  const shown = (scales, measure) =>
    Object.keys(STYLES).map((name) => ({ name, ...curveOf(results, name, measure, scales) }));
  const variances = shown(variance, 'variance');
  return card({ width: 860, height: 364, title, subtitle }, [
    axes({ ...bias, ...ticks, yTicks: [0, 0.1, 0.2, 0.3, 0.4], title: 'norm of the bias' }),
    level(exact, bias, FAINT, 'norm of the exact gradient'),
    ...shown(bias, 'bias').map(({ svg }) => svg),
    axes({ ...variance, ...ticks, yTicks, title: 'variance of one draw, summed over the logits' }),
    ...variances.map(({ svg }) => svg),
    names(
      variances.map(({ name, last }) => ({ name, colour: STYLES[name].colour, at: last })),
      variance,
    ),
  ]);
}

/** An estimator's curve: at its temperatures, or level where it has none, with two standard errors each way. */
function curveOf(results, name, measure, scales) {
  const { colour, dash } = STYLES[name];
  const own = results.filter((result) => result.name === name);
  const at = own.length > 1 ? own : scales.x.domain().map((temperature) => ({ ...own[0], temperature }));
  const points = at.map((result) => [result.temperature, result[measure]]);
  const errors = at.map(({ temperature, [measure]: value, [`${measure}Error`]: error }) => [
    temperature,
    Math.max(value - 2 * error, scales.y.domain()[0]),
    value + 2 * error,
  ]);
  const svg = band(errors, scales, colour) + curve(points, scales, colour, { dash, dots: own.length > 1 });
  return { svg, last: points.at(-1) };
}

/** The norm of the Gumbel-Softmax gradient of a draw against temperature: quartiles, median, mean. */
export function vanishing() {
  const floor = 1e-8;
  const rows = vanish();
  const scales = { x: scaleLog([0.01, 100], [56, 596]), y: scaleLog([floor, 10], [316, 84]) };
  const frame = axes({
    ...scales,
    xTicks: [0.01, 0.1, 1, 10, 100],
    yTicks: powers(-8, 1).map((value, i) => [value, `10${superscript(i - 8)}`]),
    xLabel: 'temperature T',
    title: 'norm of the Gumbel-Softmax gradient of a draw',
  });
  const of = (name) => rows.map(({ temperature, [name]: value }) => [temperature, Math.max(value, 1e-100)]);
  const quartiles = rows.map(({ temperature, lower, upper }) => [temperature, Math.max(lower, 1e-100), upper]);
  const title = 'As T falls, the gradient of most draws vanishes, and the mean does not';
  const subtitle = `${(DRAWS / 10).toLocaleString('en')} draws at each temperature`;
  return card({ width: 660, height: 364, title, subtitle }, [
    '<clipPath id="frame"><path d="M56,80H600V316H56Z"/></clipPath>',
    frame,
    '<g clip-path="url(#frame)">',
    band(quartiles, scales, COLOURS[0]),
    curve(of('median'), scales, COLOURS[0], { dots: true }),
    curve(of('mean'), scales, COLOURS[1], { dots: true }),
    '</g>',
    nameAt(of('mean')[1], scales, 'mean', [0, -10]),
    nameAt(of('median')[4], scales, 'median', [-7, 4], 'end'),
    nameAt([0.4, 1e-4], scales, 'middle half of the draws', [0, 0]),
  ]);
}

/** @param {number} power */
function superscript(power) {
  return String(power).replace(/./g, (character) => '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'['-0123456789'.indexOf(character)]);
}
