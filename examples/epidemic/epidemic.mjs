// An epidemic on a network, event by event (Gillespie 1977; kinetic Monte Carlo). The weight of a person is the rate of what
// happens to them next: infection for who is healthy, in proportion to infected contacts; recovery for who is infected. One
// event changes a few weights among all, which a WeightTree takes in O(log n).
import { random, WeightTree } from 'anymax';

const [HEALTHY, INFECTED, RECOVERED] = [0, 1, 2];

/** `people` with about `contacts` contacts each: random pairs. */
export function network(source, people, contacts) {
  const pairs = Math.floor((people * contacts) / 2);
  const u = random.uniform(source, 2 * pairs, { dtype: 'float64' });
  const neighbours = Array.from({ length: people }, () => []);
  for (let i = 0; i < pairs; i++) {
    const [a, b] = [Math.floor(u[2 * i] * people), Math.floor(u[2 * i + 1] * people)];
    if (a === b) continue;
    neighbours[a].push(b);
    neighbours[b].push(a);
  }
  return neighbours;
}

/**
 * Runs from some infected people until nobody is: { time, events, total }, total being how many were infected ever. `beta`:
 * infections per infected contact and time, `gamma`: recoveries per infected and time. `watch(time, infected)` sees each event.
 */
export function epidemic(rng, neighbours, first, { beta, gamma }, watch = () => {}) {
  const state = new Uint8Array(neighbours.length);
  const rates = new WeightTree(new Float64Array(neighbours.length));
  let [time, events, infected, total] = [0, 0, 0, 0];

  function infect(i) {
    state[i] = INFECTED;
    infected++;
    total++;
    rates.set(i, gamma);
    for (const j of neighbours[i]) if (state[j] === HEALTHY) rates.set(j, rates.get(j) + beta);
  }
  function recover(i) {
    state[i] = RECOVERED;
    infected--;
    rates.set(i, 0);
    for (const j of neighbours[i]) {
      if (state[j] !== HEALTHY) continue;
      // counted anew: what is added and taken away would leave its rounding behind
      rates.set(j, beta * neighbours[j].filter((k) => state[k] === INFECTED).length);
    }
  }

  first.forEach(infect);
  while (infected > 0) {
    time += random.exponential(rng, 1, { dtype: 'float64' })[0] / rates.total;
    const [i] = rates.draw(rng, 1);
    if (state[i] === HEALTHY) infect(i);
    else recover(i);
    events++;
    watch(time, infected);
  }
  return { time, events, total };
}
