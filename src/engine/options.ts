import { checkOptions } from './check.ts';

/** What the options of a call say; they are asked only once. */
export interface Said {
  readonly temperature?: unknown;
  readonly stride?: unknown;
  readonly empty?: unknown;
  readonly draws?: unknown;
  readonly max?: unknown;
  readonly ignoreIndex?: unknown;
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

/**
 * An object as a caller writes it down: a loop over its names sees all that it has. Told by its constructor: to ask for its
 * prototype takes 12 ns, as long as four values of a softmax.
 */
export function isPlain(options: object): boolean {
  return options !== null && options.constructor === Object;
}

/** Options by their names. */
export type Rest = Record<string, unknown>;
