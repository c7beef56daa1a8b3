import { scaleLinear, scaleLog } from 'd3-scale';
import { entmax, entmax15, softmax, sparsemax } from '../../dist/index.js';
import { axes, card, COLOURS, curve, legend, MUTED, rule } from './chart.mjs';

/** The first probability of [t, 0] under members of the family, as Peters et al. 2019, figure 3. */
export function maxes() {
  const t = Array.from({ length: 121 }, (_, i) => (i - 60) / 20);
  const scores = Float64Array.from(t.flatMap((value) => [value, 0]));
  const scales = { x: scaleLinear([-3, 3], [64, 404]), y: scaleLinear([0, 1], [300, 44]) };
  const family = [
    ['softmax (alpha = 1)', softmax],
    ['entmax(1.25)', entmax(1.25)],
    ['entmax15', entmax15],
    ['sparsemax (alpha = 2)', sparsemax],
  ];
  const frame = axes({
    ...scales,
    xTicks: [-3, -2, -1, 0, 1, 2, 3],
    yTicks: [0, 0.25, 0.5, 0.75, 1],
    xLabel: 't',
    yLabel: 'first probability',
    title: 'max([t, 0])',
  });
  const curves = family.map(([, max], i) => {
    const p = max(scores, 2);
    return curve(
      t.map((value, row) => [value, p[2 * row]]),
      scales,
      COLOURS[i],
    );
  });
  const names = family.map(([name], i) => [name, COLOURS[i]]);
  const title = 'softmax, entmax(1.25), entmax15 and sparsemax of [t, 0]: the larger alpha, the sooner a 0';
  return card({ width: 624, height: 356, title }, [frame, ...curves, legend([424, 130], names)]);
}

/** softmax([3, 2, 1] / T) from argmax to uniform. */
export function temperature() {
  const x = Float64Array.of(3, 2, 1);
  const at = Array.from({ length: 121 }, (_, i) => 10 ** (i / 30 - 2));
  const rows = at.map((T) => softmax(x, 3, { temperature: T }));
  const scales = { x: scaleLog([0.01, 100], [64, 464]), y: scaleLinear([0, 1], [300, 44]) };
  const frame = axes({
    ...scales,
    xTicks: [0.01, 0.1, 1, 10, 100],
    yTicks: [0, 0.25, 0.5, 0.75, 1],
    xLabel: 'temperature T',
    yLabel: 'probability',
    title: 'softmax([3, 2, 1] / T)',
  });
  const curves = Array.from(x, (_, k) =>
    curve(
      at.map((T, row) => [T, rows[row][k]]),
      scales,
      COLOURS[k],
    ),
  );
  const third = rule([scales.x(0.01), scales.y(1 / 3)], [scales.x(100), scales.y(1 / 3)], MUTED, '3 4');
  const names = [...Array.from(x, (score, k) => [`score ${score}`, COLOURS[k]]), ['1/3, as T rises', MUTED, '3 4']];
  const title = 'softmax of [3, 2, 1]: one-hot as the temperature falls, uniform as it rises';
  return card({ width: 624, height: 356, title }, [frame, third, ...curves, legend([480, 120], names)]);
}
