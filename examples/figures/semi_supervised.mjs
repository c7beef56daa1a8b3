import { readFileSync } from 'node:fs';
import { scaleLinear, scaleLog } from 'd3-scale';
import { axes, card, COLOURS, curve, dot, nameAt, names } from './chart.mjs';

/** @typedef {{ seed: number, unknown: string, history: [seconds: number, accuracy: number][], test: number }} Run */

/** What examples/semi_supervised has given: see its README. */
const measured = JSON.parse(readFileSync(new URL('../semi_supervised/measured.json', import.meta.url), 'utf8'));
const STYLES = {
  sampled: COLOURS[0],
  marginalised: COLOURS[1],
  'straight-through': COLOURS[2],
};
/** Where the names of the curves stand, from the last point of the first split. @type {Record<string, [number, number]>} */
const NAMES = { sampled: [0, -12], marginalised: [4, -12], 'straight-through': [0, 22] };

/** Accuracy with the class sampled and marginalised, by CPU time and by epoch; the cost of a step by the number of classes. */
export function semiSupervised() {
  const { runs, cost, seconds } = measured;
  const y = scaleLinear([70, 100], [316, 84]);
  const yTicks = [70, 75, 80, 85, 90, 95, 100];
  const most = Math.max(...runs.map(({ history }) => history.length));
  const time = { x: scaleLinear([0, seconds], [44, 284]), y };
  const epochs = { x: scaleLinear([0, most], [334, 574]), y };
  const costs = { x: scaleLog([10, 1000], [640, 756]), y: scaleLog([10, 20_000], [316, 84]) };
  const title = 'Sampled, the class is as accurate as marginalised, and its cost hardly grows with the classes';
  const subtitle = `M2 on MNIST, 100 labels, ${measured.unlabelled.toLocaleString('en')} images without; % of 1,000 others, dots: of the test images`;
  return card({ width: 860, height: 364, title, subtitle }, [
    axes({ ...time, xTicks: time.x.ticks(5), yTicks, xLabel: 'seconds of CPU', title: 'accuracy in % by CPU time' }),
    axes({ ...epochs, xTicks: epochs.x.ticks(6), yTicks, xLabel: 'epochs', title: 'and by epoch' }),
    axes({
      ...costs,
      xTicks: [10, 100, [1000, '1,000']],
      yTicks: [10, 100, [1000, '1,000'], [10_000, '10,000']],
      xLabel: 'classes',
      title: 'ms of CPU per step',
    }),
    ...runs.flatMap(({ seed, unknown, history, test }) => {
      const shown = (points) => points.filter(([, accuracy]) => accuracy >= 70);
      const byEpoch = shown(history.map(([, accuracy], i) => [i + 1, accuracy]));
      return [
        curve(shown(history), time, STYLES[unknown], { width: 1.25 }),
        curve(byEpoch, epochs, STYLES[unknown], { width: 1.25 }),
        dot([seconds, test], time, STYLES[unknown]),
        ...(seed === 1 ? [nameAt(byEpoch.at(-1), epochs, unknown, NAMES[unknown], 'end')] : []),
      ];
    }),
    ...['sampled', 'marginalised'].map((unknown) =>
      curve(pointsOf(cost, unknown), costs, STYLES[unknown], { dots: true }),
    ),
    names(
      ['sampled', 'marginalised'].map((name) => ({ name, colour: STYLES[name], at: pointsOf(cost, name).at(-1) })),
      costs,
    ),
  ]);
}

const pointsOf = (cost, unknown) => cost.counts.map((count, i) => [count, cost[unknown][i]]);
