/** Options of a command line, checked. */
import { parseArgs } from 'node:util';

/** @typedef {{ wanted: string, good: (x: number) => boolean }} Numbers */

/** @param {number} least @returns {Numbers} */
export const integer = (least) => ({
  wanted: `an integer >= ${least}`,
  good: (x) => Number.isSafeInteger(x) && x >= least,
});
/** @type {Numbers} */
export const anyInteger = { wanted: 'an integer', good: Number.isSafeInteger };
/** @type {Numbers} */
export const positive = { wanted: 'a number > 0', good: (x) => x > 0 && x < Infinity };

/**
 * The options that are given, by their names: numbers, one of some words, texts, flags.
 *
 * Errors: Error beginning with the option, for an unknown one or a wrong value.
 * @param {string[]} args
 * @param {{ numbers: Record<string, Numbers>, words: Record<string, string[]>, texts: string[], flags: string[] }} known
 * @returns {Record<string, any>}
 */
export function readArguments(args, { numbers, words, texts, flags }) {
  const options = {};
  for (const name of [...Object.keys(numbers), ...Object.keys(words), ...texts]) options[name] = { type: 'string' };
  for (const name of flags) options[name] = { type: 'boolean' };
  const given = parse(args, options);
  for (const [name, { wanted, good }] of Object.entries(numbers)) {
    if (given[name] === undefined) continue;
    const number = given[name].trim() === '' ? NaN : Number(given[name]);
    if (!good(number)) throw new Error(`--${name}: expected ${wanted}, got '${given[name]}'`);
    given[name] = number;
  }
  for (const [name, choices] of Object.entries(words)) {
    if (given[name] === undefined || choices.includes(given[name])) continue;
    throw new Error(`--${name}: expected ${choices.join(' or ')}, got '${given[name]}'`);
  }
  return given;
}

function parse(args, options) {
  try {
    return { ...parseArgs({ args, options }).values };
  } catch (error) {
    throw new Error(`${error.message.split('\n')[0]} (--help shows the options)`, { cause: error });
  }
}

/** The option that does not go with another, if one is given. @param {Record<string, any>} given @param {(name: string) => boolean} wrong @param {string} why */
export function refuse(given, wrong, why) {
  const name = Object.keys(given).find(wrong);
  if (name) throw new Error(`--${name}: ${why}`);
}
