/**
 * Digits drawn with a pen: the data of the example where MNIST is not at hand.
 *
 * Only + - * / and the square root touch a coordinate, and IEEE 754 rounds each of them in one way: the same seed gives
 * the same images in every engine.
 */

const SIDE = 28;
const PIXELS = SIDE * SIDE;
const CLASSES = 10;
/**
 * Lines per quadratic piece p0 p1 p2 of a stroke; they leave the curve by |p0 - 2 p1 + p2| / (4 STEPS^2), about 0.1
 * pixel.
 */
const STEPS = 6;

/**
 * The ways of writing each digit, as strokes in the unit box (x to the right, y down). A stroke `x0 y0 x1 y1 ...` runs
 * from its first point to its last and bends towards those between: a quadratic B-spline with clamped ends.
 */
const GLYPHS = [
  ['.55 .01 .08 -.02 .08 1 .5 1 .92 1 .94 .02 .45 .02'],
  ['.5 0 .5 .5 .5 1', '.28 .24 .44 .16 .54 0|.54 0 .52 .5 .5 1', '.3 .2 .52 0|.52 0 .52 1|.25 1 .78 .99'],
  [
    '.14 .28 .16 0 .55 0 .93 .02 .86 .36 .74 .62 .12 1|.12 1 .5 .96 .92 .97',
    '.14 .24 .2 0 .55 0 .95 .02 .84 .42 .66 .9 .26 1 0 1 .1 .8 .3 .7 .56 1.02 .94 .94',
  ],
  [
    '.14 .14 .3 -.04 .9 -.02 .92 .44 .4 .46|.4 .46 .96 .44 .96 1.02 .4 1.02 .1 .84',
    '.15 .03 .84 .02|.84 .02 .45 .4|.45 .4 .94 .34 1 1 .4 1.04 .1 .86',
  ],
  [
    '.26 .02 .22 .3 .12 .57|.12 .57 .5 .57 .92 .53|.72 .06 .7 .5 .64 1',
    '.66 0 .4 .36 .08 .64|.08 .64 .94 .63|.66 0 .66 .5 .64 1',
    '.22 .03 .04 .52 .4 .54 .72 .52 .78 .04|.78 .04 .74 .5 .66 1',
  ],
  [
    '.84 .02 .28 .03|.28 .03 .2 .45|.2 .45 .46 .3 1 .34 .96 1.02 .4 1.02 .1 .86',
    '.3 .06 .16 .44 .5 .42 1 .44 .9 1.02 .4 1.02 .12 .86|.3 .05 .56 .06 .88 .02',
  ],
  [
    '.74 .02 .3 .06 .02 1 .5 1 .96 1.02 .96 .46 .5 .48 .2 .52 .13 .8',
    '.5 0 .22 .36 .04 1 .46 1 .9 1 .88 .58 .52 .58 .26 .6 .16 .84',
  ],
  [
    '.1 .05 .5 .07 .9 .02|.9 .02 .6 .42 .42 1',
    '.1 .05 .9 .02|.9 .02 .6 .42 .42 1|.3 .52 .78 .47',
    '.12 .22 .1 0 .5 .05 .96 .06 .66 .5 .34 1',
  ],
  [
    '.8 .14 .7 0 .46 0 .1 0 .1 .34 .5 .48 .94 .64 .94 1 .5 1 .06 1 .06 .62 .5 .47 .8 .36 .8 .14',
    '.5 0 .14 0 .14 .47 .5 .47 .86 .47 .86 0 .5 0|.5 .47 .08 .47 .08 1 .5 1 .92 1 .92 .47 .5 .47',
  ],
  [
    '.84 .2 .76 0 .46 0 .08 .02 .08 .5 .46 .5 .78 .48 .84 .14|.84 .14 .84 .5 .7 1',
    '.84 .18 .76 0 .46 0 .08 .02 .08 .5 .46 .5 .78 .48 .84 .14|.84 .14 .96 1 .5 1 .2 .94',
  ],
].map((forms) => forms.map((form) => form.split('|').map((stroke) => stroke.split(' ').map(Number))));

/**
 * `count` images of handwritten-looking digits: a glyph of the digit with its points displaced, sheared, turned,
 * scaled, moved, drawn with a pen of random width and pressure, then speckled. Pixels are multiples of 1/255, as those
 * of MNIST are.
 *
 * Shapes: images count x 784 (28 x 28, row-major, 0 = paper, 1 = ink), labels count; every ten labels from the start
 * are the ten digits in random order. Fewer images from the same seed are the first ones of more.
 * Errors: RangeError where count is not an integer >= 0 or seed not a safe integer.
 * @param {number} count
 * @param {number} seed every safe integer is valid and gives other images
 * @returns {import('./idx.mjs').Digits}
 */
export function drawDigits(count, seed) {
  if (!Number.isSafeInteger(count) || count < 0) throw new RangeError(`count must be an integer >= 0, got ${count}`);
  if (!Number.isSafeInteger(seed)) throw new RangeError(`seed must be a safe integer, got ${seed}`);
  const random = generator(seed);
  const images = new Float32Array(count * PIXELS);
  const labels = new Int32Array(count);
  const order = Array.from({ length: CLASSES }, (_, digit) => digit);
  for (let i = 0; i < count; i++) {
    if (i % CLASSES === 0) shuffle(order, random);
    labels[i] = order[i % CLASSES];
    drawDigit(images.subarray(i * PIXELS, (i + 1) * PIXELS), labels[i], random);
  }
  return { images, labels, count, pixels: PIXELS };
}

/** @param {Float32Array} image @param {number} digit @param {() => number} random */
function drawDigit(image, digit, random) {
  const forms = GLYPHS[digit];
  const glyph = forms[Math.floor(random() * forms.length)];
  const place = placement(random);
  const radius = 0.9 + 0.9 * random();
  const squares = new Float64Array(PIXELS).fill(Infinity);
  for (const stroke of glyph) {
    const points = [];
    for (let j = 0; j < stroke.length; j += 2) {
      points.push(place(stroke[j] + 0.09 * bell(random), stroke[j + 1] + 0.09 * bell(random)));
    }
    strokeDistance(squares, points, radius + 1);
  }
  const pressure = 0.8 + 0.2 * random();
  for (let p = 0; p < PIXELS; p++) {
    // A pixel is covered by as much of its unit width as lies within the radius of the pen.
    const ink = pressure * clamp(radius + 0.5 - Math.sqrt(squares[p]));
    image[p] = Math.round(255 * clamp(ink + 0.16 * bell(random))) / 255;
  }
}

/**
 * A random map of the unit box to pixels: bend and scale, then shear, turn and move. The turn is by the angle
 * whose half has the tangent t: cosine (1 - t^2) / (1 + t^2), sine 2t / (1 + t^2).
 * @param {() => number} random
 * @returns {(x: number, y: number) => number[]}
 */
function placement(random) {
  const width = 14 + 4 * bell(random);
  const height = 18 + 4 * bell(random);
  const shear = -0.1 + 0.4 * bell(random);
  const bend = 0.5 * bell(random);
  const t = 0.2 * bell(random);
  const cosine = (1 - t * t) / (1 + t * t);
  const sine = (2 * t) / (1 + t * t);
  const centreX = 13.5 + 2.2 * bell(random);
  const centreY = 13.5 + 2.2 * bell(random);
  return (x, y) => {
    const v = (y - 0.5) * height;
    const u = (x - 0.5 + bend * (y - 0.5) * (y - 0.5)) * width + shear * v;
    return [centreX + cosine * u - sine * v, centreY + sine * u + cosine * v];
  };
}

/**
 * Lowers `squares`, the squared distance of each pixel to the ink, by one stroke; pixels farther than `reach` may keep
 * theirs.
 * @param {Float64Array} squares @param {number[][]} points @param {number} reach
 */
function strokeDistance(squares, points, reach) {
  const last = points.length - 1;
  let [x0, y0] = points[0];
  if (last === 1) lineDistance(squares, x0, y0, points[1][0], points[1][1], reach);
  for (let j = 1; j < last; j++) {
    const [x1, y1] = points[j];
    const next = points[j + 1];
    const x2 = j + 1 === last ? next[0] : (x1 + next[0]) / 2;
    const y2 = j + 1 === last ? next[1] : (y1 + next[1]) / 2;
    let [ax, ay] = [x0, y0];
    for (let step = 1; step <= STEPS; step++) {
      const t = step / STEPS;
      const bx = (1 - t) * (1 - t) * x0 + 2 * t * (1 - t) * x1 + t * t * x2;
      const by = (1 - t) * (1 - t) * y0 + 2 * t * (1 - t) * y1 + t * t * y2;
      lineDistance(squares, ax, ay, bx, by, reach);
      [ax, ay] = [bx, by];
    }
    [x0, y0] = [x2, y2];
  }
}

/**
 * @param {Float64Array} squares @param {number} ax @param {number} ay @param {number} bx @param {number} by
 * @param {number} reach
 */
function lineDistance(squares, ax, ay, bx, by, reach) {
  const [dx, dy] = [bx - ax, by - ay];
  const length2 = dx * dx + dy * dy;
  const left = Math.max(0, Math.ceil(Math.min(ax, bx) - reach));
  const right = Math.min(SIDE - 1, Math.floor(Math.max(ax, bx) + reach));
  const top = Math.max(0, Math.ceil(Math.min(ay, by) - reach));
  const bottom = Math.min(SIDE - 1, Math.floor(Math.max(ay, by) + reach));
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const along = length2 > 0 ? clamp(((x - ax) * dx + (y - ay) * dy) / length2) : 0;
      const [ex, ey] = [x - ax - along * dx, y - ay - along * dy];
      squares[y * SIDE + x] = Math.min(squares[y * SIDE + x], ex * ex + ey * ey);
    }
  }
}

/** @param {number} value */
function clamp(value) {
  return Math.min(1, Math.max(0, value));
}

/** Mean 0, within -1..1, triangular. @param {() => number} random */
function bell(random) {
  return random() + random() - 1;
}

/** Fisher-Yates. @param {number[]} list @param {() => number} random */
function shuffle(list, random) {
  for (let i = list.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [list[i], list[j]] = [list[j], list[i]];
  }
}

/**
 * Uniform multiples of 2^-32 in [0, 1), by sfc32: 128 bits of state, so that two seeds share no stretch of it in practice.
 * Source: Chris Doty-Humphrey, PractRand 0.95.
 * @param {number} seed
 * @returns {() => number}
 */
function generator(seed) {
  let [a, b, c, counter] = [0, seed | 0, Math.floor(seed / 2 ** 32) | 0, 1];
  const next = () => {
    const result = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + result) | 0;
    return (result >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < 12; i++) next();
  return next;
}
