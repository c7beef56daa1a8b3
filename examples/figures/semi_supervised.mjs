import { readFileSync } from 'node:fs';
import { scaleLinear, scaleLog } from 'd3-scale';
import { axes, card, COLOURS, curve, dot, legend, MUTED, text } from './chart.mjs';

/** @typedef {{ unknown: string, history: [seconds: number, accuracy: number][], test: number }} Run */

/** What examples/semi_supervised has given: see its README. */
const measured = JSON.parse(readFileSync(new URL('../semi_supervised/measured.json', import.meta.url), 'utf8'));
const STYLES = {
  sampled: COLOURS[0],
  marginalised: COLOURS[1],
  'straight-through': COLOURS[2],
};

/** Accuracy with the class sampled and marginalised, by CPU time and by epoch; the cost of a step by the number of classes. */
export function semiSupervised() {
  const { runs, cost, seconds } = measured;
  const y = scaleLinear([70, 94], [300, 52]);
  const yTicks = [70, 75, 80, 85, 90];
  const most = Math.max(...runs.map(({ history }) => history.length));
  const time = { x: scaleLinear([0, seconds], [62, 342]), y };
  const epochs = { x: scaleLinear([0, most], [424, 704]), y };
  const costs = { x: scaleLog([10, 1000], [796, 976]), y: scaleLog([10, 10_000], [300, 52]) };
  const title =
    'Semi-supervised digits: the class sampled is as accurate as marginalised, and its cost hardly grows with the classes';
  const named = Object.entries(STYLES).filter(([unknown]) => runs.some((run) => run.unknown === unknown));
  return card({ width: 1016, height: 376, title }, [
    text(
      18,
      24,
      `MNIST, 100 labels, ${measured.unlabelled.toLocaleString('en')} images without; M2; % of 1,000 others; a line per split, at the end the test images`,
      {
        anchor: 'start',
        fill: MUTED,
      },
    ),
    axes({
      ...time,
      xTicks: [0, 60, 120, 180, 240, 300],
      yTicks,
      xLabel: 'seconds of CPU',
      yLabel: 'accuracy, %',
      title: 'by CPU time',
    }),
    axes({ ...epochs, xTicks: epochs.x.ticks(6), yTicks, xLabel: 'epochs', yLabel: '', title: 'by epoch' }),
    axes({
      ...costs,
      xTicks: [10, 100, [1000, '1,000']],
      yTicks: [10, 100, [1000, '1,000'], [10_000, '10,000']],
      xLabel: 'classes',
      yLabel: 'ms of CPU',
      title: 'a step by the number of classes',
    }),
    ...runs.flatMap(({ unknown, history, test }) => {
      const shown = (points) => points.filter(([, accuracy]) => accuracy >= 70);
      const byEpoch = history.map(([, accuracy], i) => [i + 1, accuracy]);
      return [
        thin(curve(shown(history), time, STYLES[unknown])),
        thin(curve(shown(byEpoch), epochs, STYLES[unknown])),
        dot([seconds, test], time, STYLES[unknown]),
      ];
    }),
    ...['sampled', 'marginalised'].flatMap((unknown) => {
      const points = cost.counts.map((count, i) => [count, cost[unknown][i]]);
      return [curve(points, costs, STYLES[unknown]), ...points.map((point) => dot(point, costs, STYLES[unknown]))];
    }),
    legend(
      [180, 240],
      named.map(([name, colour]) => [`${name}`, colour]),
    ),
  ]);
}

/** @param {string} path */
const thin = (path) => path.replace('stroke-width="2"', 'stroke-width="1.25" stroke-opacity=".8"');
