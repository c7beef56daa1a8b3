/** Truncation of a row by the definitions, in f64 and by sorting all of it: no code of the package. */

export interface Steps {
  temperature?: number;
  topK?: number;
  topP?: number;
  minP?: number;
  typicalP?: number;
  nSigma?: number;
  epsilon?: number;
  eta?: number;
  xtcThreshold?: number;
  minKeep?: number;
}

/** The tokens that are left, in order; and whether some comparison was closer than `margin`, so that rounding may decide it. */
export function truncated(x: ArrayLike<number>, o: Steps, margin: number): { kept: number[]; close: boolean } {
  const T = o.temperature ?? 1,
    keep = Math.max(1, o.minKeep ?? 1);
  let close = false;
  const near = (a: number, b: number, scale = 1): void => {
    if (a !== b && Math.abs(a - b) < margin * scale) close = true;
  };
  let left = Array.from(x, (_, i) => i).filter((i) => x[i]! > -Infinity);
  left.sort((a, b) => (x[a] === x[b] ? a - b : x[b]! - x[a]!));
  /** p of what is left, and its logarithm. */
  const distribution = (): { p: number[]; log: number[] } => {
    const max = left.reduce((m, i) => Math.max(m, x[i]!), -Infinity);
    if (T === 0)
      return { p: left.map((_, j) => (j === 0 ? 1 : 0)), log: left.map((_, j) => (j === 0 ? 0 : -Infinity)) };
    const z = left.map((i) => x[i]! / T - max / T);
    const sum = z.reduceRight((s, v) => s + Math.exp(v), 0);
    return { p: z.map((v) => Math.exp(v) / sum), log: z.map((v) => v - Math.log(sum)) };
  };
  const entropy = ({ p, log }: { p: number[]; log: number[] }): number =>
    p.reduce((h, v, j) => (v > 0 ? h - v * log[j]! : h), 0);
  /** Keeps those of an order (places in `left`) while the mass before is below p, compared in f32. */
  const mass = (order: readonly number[], p: readonly number[], bound: number): void => {
    const f = Math.fround(bound);
    let before = 0,
      kept = 0;
    for (; kept < order.length; kept++) {
      if (kept >= keep) {
        near(before, f);
        if (!(Math.fround(before) < f)) break;
      }
      before += p[order[kept]!]!;
    }
    const those = new Set(order.slice(0, kept));
    left = left.filter((_, j) => those.has(j));
  };
  const places = (): number[] => left.map((_, j) => j);
  const atLeast = (p: readonly number[], bound: number): void => {
    left = left.filter((_, j) => {
      if (j < keep) return true;
      near(p[j]!, bound);
      return p[j]! >= bound;
    });
  };

  if (o.nSigma !== undefined && o.nSigma > 0 && o.nSigma < Infinity) {
    const mean = left.reduce((s, i) => s + x[i]! / left.length, 0),
      sd = Math.sqrt(left.reduce((s, i) => s + (x[i]! - mean) ** 2 / left.length, 0)),
      least = x[left[0]!]! - o.nSigma * sd;
    left = left.filter((i, j) => {
      near(x[i]!, least, Math.max(1, Math.abs(least), sd));
      return j < keep || x[i]! >= least;
    });
  }
  if (o.topK !== undefined && o.topK > 0) left = left.slice(0, Math.max(o.topK, keep));
  if (o.typicalP !== undefined && o.typicalP < 1) {
    const d = distribution(),
      H = entropy(d),
      far = d.log.map((l) => Math.abs(-l - H));
    const order = places().sort((a, b) => (far[a] === far[b] ? a - b : far[a]! - far[b]!));
    for (let j = 1; j < order.length; j++) {
      const [a, b] = [order[j - 1]!, order[j]!];
      if (x[left[a]!] !== x[left[b]!]) near(far[a]!, far[b]!, Math.max(1, H));
    }
    mass(order, d.p, o.typicalP);
  }
  if (o.topP !== undefined && o.topP < 1) mass(places(), distribution().p, o.topP);
  if (o.minP !== undefined && o.minP > 0) {
    const { log } = distribution(),
      least = log[0]! + Math.log(o.minP);
    left = left.filter((_, j) => {
      if (j < keep) return true;
      near(log[j]!, least, Math.max(1, Math.abs(least)));
      return log[j]! - log[0]! >= Math.log(o.minP!);
    });
  }
  if (o.epsilon !== undefined && o.epsilon > 0) atLeast(distribution().p, o.epsilon);
  if (o.eta !== undefined && o.eta > 0) {
    const d = distribution();
    atLeast(d.p, Math.min(o.eta, Math.sqrt(o.eta) * Math.exp(-entropy(d))));
  }
  if (o.xtcThreshold !== undefined && o.xtcThreshold <= 0.5) {
    const { p } = distribution();
    for (const v of p) near(v, o.xtcThreshold);
    const count = p.filter((v) => v >= o.xtcThreshold!).length;
    if (count > 1 && left.length - count + 1 >= keep) left = left.slice(count - 1);
  }
  return { kept: left, close };
}
