/** A row many times over, and how often each class was drawn of it. */

/** @template {Float32Array | Float64Array} A @param {A} row @param {number} rows @returns {A} */
export function repeat(row, rows) {
  const x = new row.constructor(row.length * rows);
  for (let i = 0; i < x.length; i += row.length) x.set(row, i);
  return x;
}

/** @param {Int32Array} indices @param {number} n */
export function shares(indices, n) {
  const counts = new Float64Array(n);
  for (const index of indices) counts[index] += 1;
  return counts.map((count) => count / indices.length);
}
