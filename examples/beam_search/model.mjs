// A model of words, a letter after the other: how often a letter follows the one before, counted in a few names of trees.
const NAMES =
  'acacia alder almond apple ash aspen balsa banyan beech birch cedar cherry chestnut cypress ebony elder elm fir hazel ' +
  'hickory holly juniper larch laurel lemon lime linden locust magnolia mahogany mango maple mulberry oak olive palm pear ' +
  'pine plane plum poplar rowan sequoia spruce sumac sycamore tamarack teak tulip walnut willow yew';

/** Letters, and 26 for the end of a word. */
export const END = 26;
export const CLASSES = 27;
/** How much is added to each count, so that every word can come. */
const SMOOTHING = 0.02;

/** Scores of what follows each letter; row END is what a word begins with. */
const LOGITS = (() => {
  const counts = new Float64Array(CLASSES * CLASSES).fill(SMOOTHING);
  for (const name of NAMES.split(' ')) {
    let before = END;
    for (const letter of [...name].map((c) => c.charCodeAt(0) - 97).concat(END)) {
      counts[before * CLASSES + letter] += 1;
      before = letter;
    }
  }
  counts[END * CLASSES + END] = 0; // no word is empty
  return counts.map(Math.log);
})();

/** The scores of what follows a word, for each of them a row. */
export function scoresOf(words, scores) {
  words.forEach((word, r) => {
    const before = word.at(-1) ?? END;
    scores.set(LOGITS.subarray(before * CLASSES, (before + 1) * CLASSES), r * CLASSES);
  });
}

export const textOf = (word) => word.map((letter) => (letter === END ? '' : String.fromCharCode(97 + letter))).join('');
