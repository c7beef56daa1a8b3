/** Tables for a terminal. */

/** @typedef {[name: string, value: string | number][]} Row */

/** A line of a table; the first one below its heading. @param {Row} row @param {boolean} first */
export function printRow(row, first) {
  const line = (cells) => cells.map((cell, i) => String(cell).padStart(Math.max(7, row[i][0].length + 1))).join('');
  if (first) console.log(line(row.map(([name]) => name)));
  console.log(line(row.map(([, value]) => (typeof value === 'number' ? value.toFixed(2) : value))));
}

/** Shows a step below the table while it lasts, on a terminal alone. @param {string} text */
export function showProgress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r${text}\x1b[K${text === '' ? '' : '\r'}`);
}
