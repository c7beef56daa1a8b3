import { scaleLinear, scaleLog } from 'd3-scale';
import { entmax, entmax15, softmax, sparsemax } from '../../dist/index.js';
import { axes, card, COLOURS, curve, level, nameAt, names, FAINT } from './chart.mjs';

/** The first probability of [t, 0] under members of the family, as Peters et al. 2019, figure 3. */
export function maxes() {
  const t = Array.from({ length: 121 }, (_, i) => (i - 60) / 20);
  const scores = Float64Array.from(t.flatMap((value) => [value, 0]));
  const scales = { x: scaleLinear([-3, 3], [56, 496]), y: scaleLinear([0, 1], [316, 84]) };
  const family = [
    ['softmax, alpha = 1', softmax],
    ['entmax(1.25)', entmax(1.25)],
    ['entmax15, alpha = 1.5', entmax15],
    ['sparsemax, alpha = 2', sparsemax],
  ];
  const frame = axes({
    ...scales,
    xTicks: [-3, -2, -1, 0, 1, 2, 3],
    yTicks: [0, 0.25, 0.5, 0.75, 1],
    xLabel: 't',
    title: 'first probability of max([t, 0])',
  });
  const curves = family.map(([name, max], i) => {
    const p = max(scores, 2);
    return { name, colour: COLOURS[i], points: t.map((value, row) => [value, p[2 * row]]) };
  });
  const title = 'The larger alpha, the sooner a probability is 0';
  return card({ width: 660, height: 364, title, subtitle: 'Members of the family on two scores' }, [
    frame,
    ...curves.map(({ points, colour }) => curve(points, scales, colour)),
    // where they end together, the order is that below
    names(
      curves.toReversed().map(({ name, colour, points }) => ({ name, colour, at: points.at(-1) })),
      scales,
    ),
  ]);
}

/** softmax([3, 2, 1] / T) from argmax to uniform. */
export function temperature() {
  const x = Float64Array.of(3, 2, 1);
  const at = Array.from({ length: 121 }, (_, i) => 10 ** (i / 30 - 2));
  const scales = { x: scaleLog([0.01, 100], [56, 556]), y: scaleLinear([0, 1], [316, 84]) };
  const frame = axes({
    ...scales,
    xTicks: [0.01, 0.1, 1, 10, 100],
    yTicks: [0, 0.25, 0.5, 0.75, 1],
    xLabel: 'temperature T',
    title: 'probability',
  });
  const p = (T) => softmax(x, 3, { temperature: T });
  const curves = Array.from(x, (_, k) =>
    curve(
      at.map((T) => [T, p(T)[k]]),
      scales,
      COLOURS[k],
    ),
  );
  const title = 'One-hot as the temperature falls, uniform as it rises';
  return card({ width: 660, height: 364, title, subtitle: 'softmax([3, 2, 1] / T)' }, [
    frame,
    level(1 / 3, scales, FAINT, '1/3'),
    ...curves,
    nameAt([1, p(1)[0]], scales, 'score 3', [8, -4]),
    nameAt([0.6, p(0.6)[1]], scales, 'score 2', [-8, -6], 'end'),
    nameAt([2, p(2)[2]], scales, 'score 1', [8, 14]),
  ]);
}
