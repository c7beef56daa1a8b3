import { readFileSync } from 'node:fs';
import { scaleLinear, scaleLog } from 'd3-scale';
import { anneal } from '../estimators/anneal.mjs';
import { axes, card, COLOURS, curve, dot, legend, MUTED, rule, text } from './chart.mjs';

/** What examples/estimators/autoencoder.mjs has given. */
const measured = JSON.parse(readFileSync(new URL('../estimators/measured.json', import.meta.url), 'utf8'));

/** Learning at fixed temperatures and annealed: on a small problem, and the autoencoder of examples/vae. */
export function annealing() {
  const schedules = anneal();
  const steps = schedules[0].mean.length;
  const small = { x: scaleLinear([0, steps], [68, 398]), y: scaleLog([1e-3, 1], [300, 52]) };
  const fixed = measured.learning.filter(({ name }) => /^T = [\d.]+$/.test(name));
  const annealed = measured.learning.find(({ name }) => name.startsWith('annealed'));
  const bounds = measured.learning.map(({ bound }) => bound);
  const least = 5 * Math.floor(Math.min(...bounds) / 5);
  const most = 5 * Math.ceil(Math.max(...bounds) / 5);
  const large = { x: scaleLog([0.08, 2.5], [486, 746]), y: scaleLinear([least, most], [300, 52]) };
  const title =
    'Cold samples hardly learn from a wrong start, warm ones learn another problem, annealed ones do neither';
  const points = fixed.map(({ temperature, bound }) => [temperature, bound]);
  return card({ width: 950, height: 372, title }, [
    text(18, 24, `left: mean of 50 runs; right: MNIST, ${measured.epochs} epochs, hard samples`, {
      anchor: 'start',
      fill: MUTED,
    }),
    axes({
      ...small,
      xTicks: small.x.ticks(4),
      yTicks: [
        [1, '1'],
        [0.1, '0.1'],
        [0.01, '0.01'],
        [0.001, '0.001'],
      ],
      xLabel: 'steps',
      yLabel: 'excess loss of a hard sample',
      title: 'from a wrong start',
    }),
    ...schedules.map(({ mean }, i) =>
      curve(
        mean.flatMap((v, step) => (step % 20 === 0 || step === steps - 1 ? [[step, Math.max(v, 1e-3)]] : [])),
        small,
        COLOURS[i],
      ),
    ),
    axes({
      ...large,
      xTicks: points.map(([t]) => t),
      yTicks: large.y.ticks(5),
      xLabel: 'temperature T',
      yLabel: 'test -ELBO, nats',
      title: 'the autoencoder',
    }),
    curve(points, large, COLOURS[0]),
    ...points.map((point) => dot(point, large, COLOURS[0])),
    rule(
      [large.x.range()[0], large.y(annealed.bound)],
      [large.x.range()[1], large.y(annealed.bound)],
      COLOURS[3],
      '5 4',
    ),
    legend(
      [764, 90],
      [
        ...schedules.map(({ name }, i) => [name, COLOURS[i]]),
        ['autoencoder, T fixed', COLOURS[0]],
        ['annealed, 1 to 0.25', COLOURS[3], '5 4'],
      ],
    ),
  ]);
}
