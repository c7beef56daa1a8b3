const WIDTHS = [12, 8, 9, 9, 12, 7, 12];
const row = (cells) =>
  `  ${cells.map((cell, i) => (i === 0 ? cell.padEnd : cell.padStart).call(cell, WIDTHS[i])).join('')}`;

export const heading = () => row(['', 'killed', 'retried', 'seconds', 'choices/s', 'times', 'SHA-256']);

/** A run as a line of the table. */
export function line(name, choices, { seconds, hash, killed = 0, retried = 0 }, alone) {
  const speed = Math.round(choices / seconds).toString();
  const times = (alone.seconds / seconds).toFixed(2);
  return row([name, `${killed}`, `${retried}`, seconds.toFixed(2), speed, times, hash.slice(0, 8)]);
}

/** Shows what is done of `choices`: on a terminal as it goes, elsewhere nothing. */
export function progress(name, choices) {
  const began = performance.now();
  return (done) => {
    if (!process.stderr.isTTY) return;
    const speed = Math.round(done / ((performance.now() - began) / 1000));
    const text = `  ${name}: ${Math.floor((100 * done) / choices)} %, ${speed} choices/s`;
    process.stderr.write(done < choices ? `\r${text}\x1b[K` : '\r\x1b[K');
  };
}

/** The most and the least chosen alternatives. @param {Float64Array} counts of each byte */
export function shares(counts) {
  const total = counts.reduce((a, b) => a + b);
  const order = [...counts.keys()].filter((k) => counts[k] > 0).sort((a, b) => counts[b] - counts[a]);
  const list = (ids) => ids.map((k) => `${k} (${((100 * counts[k]) / total).toFixed(2)} %)`).join(', ');
  return `\n  Chosen most: cars ${list(order.slice(0, 3))}; least: ${list(order.slice(-1))}`;
}
