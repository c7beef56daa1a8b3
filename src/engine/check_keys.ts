/** The errors of keys and of Rngs. */
import { describe } from './check.ts';

export function seedError(value: unknown): Error {
  return wrong('seed must be a safe integer, a bigint or a string', value);
}

/** For the data of a foldIn that is neither a string nor a safe integer >= 0. */
export function dataError(value: unknown): Error {
  return wrong('data must be a non-negative integer or a string', value);
}

/** A number is of the right kind. */
function wrong(must: string, value: unknown): Error {
  const Kind = typeof value === 'number' ? RangeError : TypeError;
  return new Kind(`${must}, got ${describe(value)}`);
}

/** For what is no Key where an Rng will not do. */
export function keyError(name: string, value: unknown): Error {
  const got = describe(value);
  return new TypeError(`${name} must be a Key, got ${got === 'Rng' ? 'an Rng: pass its next()' : got}`);
}

export function stateError(value: unknown): Error {
  return new TypeError(`state must be the state of an Rng, got ${describe(value)}`);
}

/** For what is neither a Key nor an Rng of this copy of the package. */
export function sourceError(value: unknown): Error {
  const got = describe(value);
  return new TypeError(
    got === 'Rng'
      ? 'source is an Rng of another copy of anymax: pass its next()'
      : `source must be a Key (from key, split or foldIn) or an Rng, got ${got}`,
  );
}

/** For a method of Rng on what has not its private fields. */
export function proxyError(): Error {
  return new TypeError('rng is a Proxy of an Rng, or not made by its constructor');
}

export function exhaustedError(): Error {
  return new RangeError('rng has given all of its 2^53 - 1 keys');
}
