/** Calls of all ops in changing shapes: a seed names the sequence. */
import { addOutput, generator, Hash, makeCase, opsOf, outputOf } from '../runtimes/conformance.ts';
import type { Case, Library } from '../runtimes/ops.ts';

export { Hash };

const DTYPES = ['float32', 'float64'] as const;
const TEMPERATURES = [0.1, 0.5, 1, 2.5, 0, Infinity];
const SMALL = 300;
/** More elements than pass through the package's memory at a time: many short rows, few long ones, one. */
const LARGE: readonly [rows: number, n: number][] = [
  [9000, 2],
  [7, 2500],
  [1, 17_000],
];
/** One call in so many has a large shape, and one in so many is refused. */
const LARGE_EVERY = 2000;
const REFUSED_EVERY = 10;

export class Calls {
  private readonly random: () => number;
  private readonly names: readonly string[];
  private readonly small: readonly Case[];
  private readonly large: readonly Case[];
  private made = 0;

  constructor(
    private readonly library: Library,
    seed: number,
  ) {
    this.random = generator(seed);
    this.names = opsOf(library);
    const shape = (): [number, number] => [1 + Math.floor(8 * this.random()), 1 + Math.floor(60 * this.random() ** 3)];
    this.small = Array.from({ length: SMALL }, (_, i) => this.make(shape(), i));
    this.large = LARGE.flatMap((large, i) => DTYPES.map((_, j) => this.make(large, 2 * i + j)));
  }

  private make([rows, n]: readonly [number, number], i: number): Case {
    return makeCase(this.library, DTYPES[i % 2]!, [rows, n, this.pick(TEMPERATURES)], i);
  }

  private pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.random() * items.length)]!;
  }

  /** Makes calls; what they return goes into the hash, if there is one. */
  run(count: number, hash?: Hash): void {
    for (let i = 0; i < count; i++) {
      const large = ++this.made % LARGE_EVERY === 0;
      const output = outputOf(this.pick(this.names), this.pick(large ? this.large : this.small));
      if (hash !== undefined) addOutput(hash, output);
      if (this.made % REFUSED_EVERY === 0) this.refused();
    }
  }

  /** Each op in each large shape. */
  largest(): void {
    for (const name of this.names) for (const one of this.large) outputOf(name, one);
  }

  private refused(): void {
    const { x } = this.pick(this.small);
    try {
      this.library.softmax(x, x.length + 1);
    } catch (error) {
      if (error instanceof RangeError) return;
    }
    throw new Error('a length that is not a multiple of n was not refused');
  }
}

/** The hash of what the first calls of a sequence return. */
export function hashOf(library: Library, seed: number, count: number): string {
  const hash = new Hash();
  new Calls(library, seed).run(count, hash);
  return hash.text();
}
