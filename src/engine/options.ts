import { checkOptions } from './check.ts';

/** What the options of a call say; they are asked only once. */
export interface Said {
  readonly temperature?: unknown;
  readonly stride?: unknown;
  readonly empty?: unknown;
  readonly draws?: unknown;
  readonly max?: unknown;
  readonly scores?: unknown;
  readonly out?: unknown;
  /** Of noise, or of a Uint16Array. */
  readonly dtype?: unknown;
  /** All options as they were given, where an op has made an input of some. */
  readonly given?: object;
}

/** Options as they are now, of the names that an op knows. */
export function readOptions(options: Said | undefined, known: readonly string[]): Said {
  checkOptions(options, known);
  if (options === undefined) return {};
  // a loop: what Object.fromEntries makes is a hash table to V8
  const said: Record<string, unknown> = {};
  for (let i = 0; i < known.length; i++) said[known[i]!] = options[known[i] as keyof Said];
  return said;
}

/** An object as a caller writes it down: what it has is its own, and seen by a loop over its names. */
export function isPlain(options: object): boolean {
  return typeof options === 'object' && options !== null && Object.getPrototypeOf(options) === Object.prototype;
}
