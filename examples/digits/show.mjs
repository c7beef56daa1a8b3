/** Drawing for a terminal of 80 columns, in characters alone. */

const SIDE = 28;
const BLOCKS = ' ▏▎▍▌▋▊▉█';
const LEVELS = ' ▁▂▃▄▅▆▇█';

/**
 * A 28 x 28 image as 14 lines of 28 characters, two pixels each: ink where a pixel is darker than 0.4.
 * @param {Float32Array} image
 */
export function picture(image) {
  const ink = (y, x) => (image[y * SIDE + x] > 0.4 ? 1 : 0);
  return Array.from({ length: SIDE / 2 }, (_, y) =>
    Array.from({ length: SIDE }, (_, x) => ' ▀▄█'[ink(2 * y, x) + 2 * ink(2 * y + 1, x)]).join(''),
  );
}

/** `share` of `width` characters filled, to an eighth of one. @param {number} share @param {number} width */
export function bar(share, width) {
  const eighths = Math.round(share * width * 8);
  return ('█'.repeat(eighths >> 3) + BLOCKS[eighths & 7]).trimEnd().padEnd(width);
}

/** A share as a percentage and a column of that height, six characters; a dot for 0 %. @param {number} share */
export function column(share) {
  const percentage = Math.round(100 * share);
  return percentage === 0 ? '     ·' : `${percentage}${LEVELS[Math.ceil(share * 8)]}`.padStart(6);
}

/** @param {number} share */
export function percent(share) {
  return `${(100 * share).toFixed(1)} %`.padStart(7);
}

/** Two blocks of lines, the left one as wide as its first line. @param {string[]} left @param {string[]} right */
export function beside(left, right) {
  const blank = ' '.repeat(left[0].length);
  return Array.from({ length: Math.max(left.length, right.length) }, (_, i) =>
    `  ${left[i] ?? blank}   ${right[i] ?? ''}`.trimEnd(),
  );
}

/** @param {string} title */
export function heading(title) {
  return `\n── ${title} ${'─'.repeat(Math.max(0, 76 - title.length))}\n`;
}
