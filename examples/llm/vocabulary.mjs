/** A small vocabulary of gpt-tokenizer's tokens, and the documents of this repository in its ids. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { decode, encode } from 'gpt-tokenizer/encoding/o200k_base';

/** How many ids there are. Id 0 is what has none. */
export const SIZE = 768;
export const OTHER = 0;
/** The id of a line break. */
export const NEWLINE = 1;

/** Single characters: with them every English text has ids. */
const CHARACTERS = ['\n', ...Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i))];

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The pages of the repository: prose alone, without code, tables, pictures and the targets of links. */
function documents() {
  const pagesIn = (folder) =>
    readdirSync(join(root, folder), { withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
      .map((entry) => join(folder, entry.name));
  const examples = readdirSync(join(root, 'examples')).map((name) => `examples/${name}`);
  return ['.', 'docs', 'docs/guide', 'docs/reference', ...examples].flatMap(pagesIn).map((path) =>
    readFileSync(join(root, path), 'utf8')
      .replace(/^```[\s\S]*?^```$/gm, '')
      .replace(/^[|#<!].*$/gm, '')
      .replace(/\]\([^)]*\)/g, '')
      .replace(/[[\]*`]/g, '')
      .replace(/\n(?=\S)(?!- )/g, ' '),
  );
}

/** Tokens by their ids, the ids of texts, and the documents in ids, one array each. */
export function makeVocabulary() {
  const pages = documents().map((text) => encode(text));
  const counts = new Map();
  for (const token of pages.flat()) counts.set(token, (counts.get(token) ?? 0) + 1);
  const singles = CHARACTERS.map((character) => encode(character)[0]);
  const frequent = [...counts.keys()].filter((token) => !singles.includes(token));
  frequent.sort((a, b) => counts.get(b) - counts.get(a) || a - b);
  const tokens = [...singles, ...frequent.slice(0, SIZE - 1 - singles.length)];

  const ids = new Map(tokens.map((token, i) => [token, i + 1]));
  const texts = ['', ...tokens.map((token) => decode([token]))];
  /** A text in ids: a token of its own, or the characters of it. */
  const idsOf = (text) =>
    encode(text).flatMap((token) => ids.get(token) ?? [...decode([token])].map((c) => ids.get(encode(c)[0]) ?? OTHER));
  return {
    texts,
    idsOf,
    textOf: (list) => Array.from(list, (id) => texts[Number(id)]).join(''),
    documents: pages.map((page) => page.map((token) => ids.get(token) ?? OTHER)),
  };
}
