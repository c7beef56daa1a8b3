import { readFileSync } from 'node:fs';
import { scaleLinear, scaleLog } from 'd3-scale';
import { anneal } from '../estimators/anneal.mjs';
import { axes, card, COLOURS, curve, level, nameAt, names } from './chart.mjs';

/** What examples/estimators/autoencoder.mjs has given. */
const measured = JSON.parse(readFileSync(new URL('../estimators/measured.json', import.meta.url), 'utf8'));

/** Learning at fixed temperatures and annealed: on a small problem, and the autoencoder of examples/vae. */
export function annealing() {
  const schedules = anneal();
  const steps = schedules[0].mean.length;
  const small = { x: scaleLinear([0, steps], [56, 356]), y: scaleLog([1e-3, 1], [316, 84]) };
  const fixed = measured.learning.filter(({ name }) => /^T = [\d.]+$/.test(name));
  const annealed = measured.learning.find(({ name }) => name.startsWith('annealed'));
  const bounds = measured.learning.map(({ bound }) => bound);
  const least = 5 * Math.floor(Math.min(...bounds) / 5);
  const most = 5 * Math.ceil(Math.max(...bounds) / 5);
  const large = { x: scaleLog([0.08, 2.5], [564, 840]), y: scaleLinear([least, most], [316, 84]) };
  const points = fixed.map(({ temperature, bound }) => [temperature, bound]);
  const curves = schedules.map(({ name, mean }, i) => ({
    name,
    colour: COLOURS[i],
    points: mean.flatMap((v, step) => (step % 20 === 0 || step === steps - 1 ? [[step, Math.max(v, 1e-3)]] : [])),
  }));
  const title = 'Cold samples learn slowly, warm ones learn another problem, annealed ones do neither';
  const subtitle = `Left: the mean of 50 runs. Right: MNIST, ${measured.epochs} epochs, hard samples`;
  return card({ width: 860, height: 364, title, subtitle }, [
    axes({
      ...small,
      xTicks: small.x.ticks(4),
      yTicks: [1, 0.1, 0.01, 0.001],
      xLabel: 'steps',
      title: 'excess loss of a hard sample, from a wrong start',
    }),
    ...curves.map(({ points: through, colour }) => curve(through, small, colour)),
    names(
      curves.map(({ name, colour, points: through }) => ({ name, colour, at: through.at(-1) })),
      small,
    ),
    axes({
      ...large,
      xTicks: points.map(([t]) => t),
      yTicks: large.y.ticks(5),
      xLabel: 'temperature T',
      title: 'the autoencoder: test -ELBO in nats',
    }),
    curve(points, large, COLOURS[0], { dots: true }),
    nameAt(points.at(-1), large, 'T fixed', [-12, 14], 'end'),
    level(annealed.bound, large, COLOURS[3], 'annealed, 1 to 0.25', { anchor: 'end', dy: 14 }),
  ]);
}
