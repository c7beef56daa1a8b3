/**
 * dst = log p + g of the k classes of each row that `indices` name, best first; -Infinity for an index of -1; none above
 * the one before. See src/js/sample/top_k_scores.ts.
 */
export function top_k_scores<T>(logP: usize, g: usize, indices: usize, dst: usize, rows: i32, n: i32, k: i32): void {
  const row = (<usize>n) << alignof<T>();
  for (let r = 0; r < rows; r++, logP += row, g += row) {
    let last: T = Infinity;
    for (let j = 0; j < k; j++, indices += 4, dst += sizeof<T>()) {
      const at = load<i32>(indices),
        place = (<usize>at) << alignof<T>();
      const score: T = at < 0 ? -Infinity : load<T>(logP + place) + load<T>(g + place);
      if (!(score > last)) last = score;
      store<T>(dst, last);
    }
  }
}
