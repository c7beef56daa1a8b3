/** The sum over i < n of term(i) in f64, element i in partial sum i mod 4. The mirror of assembly/pairs.ts. */
export function sum(n: number, term: (i: number) => number): number {
  let s0 = 0,
    s1 = 0,
    s2 = 0,
    s3 = 0;
  for (let i = 0; i < n; i += 4) {
    s0 += term(i);
    if (i + 1 < n) s1 += term(i + 1);
    if (i + 2 < n) s2 += term(i + 2);
    if (i + 3 < n) s3 += term(i + 3);
  }
  return s0 + s2 + (s1 + s3);
}
