// node examples/epidemic/main.mjs [people], after npm run build: an epidemic among so many people, and what an event costs
// beside a loop over all rates.
import { Rng } from 'anymax';
import { epidemic, network } from './epidemic.mjs';

const PEOPLE = Number(process.argv[2] ?? 100_000);
const RATES = { beta: 0.5, gamma: 1 };

const rng = new Rng(42);
const neighbours = network(rng, PEOPLE, 6);
const curve = [];
const start = performance.now();
const { time, events, total } = epidemic(rng, neighbours, [...Array(20).keys()], RATES, (t, infected) => {
  curve[Math.floor(t)] = infected;
});
const seconds = (performance.now() - start) / 1000;

const most = Math.max(...curve.filter((v) => v !== undefined));
for (let t = 0; t < curve.length; t += 2) {
  const infected = curve[t] ?? 0;
  console.log(`${String(t).padStart(4)} ${'#'.repeat(Math.round((60 * infected) / most))} ${infected}`);
}
console.log(`${total} of ${PEOPLE} people were infected in ${time.toFixed(1)} units of time.`);
console.log(`${events} events in ${seconds.toFixed(2)} s: ${((1e6 * seconds) / events).toFixed(1)} us each.`);

// an event by a loop over all rates
const all = new Float64Array(PEOPLE).fill(1);
const LOOPS = 200;
const before = performance.now();
let found = 0;
for (let loop = 0; loop < LOOPS; loop++) {
  let sum = 0;
  for (let i = 0; i < PEOPLE; i++) sum += all[i];
  let rest = Math.random() * sum;
  let i = 0;
  while (i < PEOPLE - 1 && rest >= all[i]) rest -= all[i++];
  found += i;
}
const each = (performance.now() - before) / LOOPS;
console.log(
  `A loop over all rates takes ${(1000 * each).toFixed(0)} us for a draw (mean ${Math.round(found / LOOPS)}).`,
);
