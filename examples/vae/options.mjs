import { anyInteger, integer, positive, readArguments, refuse } from './arguments.mjs';
import { RELAXATIONS } from './latents.mjs';
import { DEFAULTS } from './session.mjs';

export const HELP = `node examples/vae/main.mjs [options]

Trains a variational autoencoder with discrete latents on binary digits. The same
options give the same bits.

  --mnist FOLDER      the 10,000 test digits of MNIST instead of drawn ones; in it
                      t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte, or .gz
  --images N          the first N of them, a tenth of which is to test on (10000)
  --epochs N          passes over the images (20)
  --out FOLDER        where checkpoint and pictures go (build/vae)
  --resume            go on from the checkpoint in --out, up to --epochs
  --compare           train with every --kl and straight-through, print a table

  --latents KIND      categorical (20 of 10 classes) or binary (200 bits)
  --kl RELAXATION     analytic, weighted or density
  --straight-through  hard samples, with the gradient of the relaxed ones

  --product NAME      of matrices: plain, the same bits everywhere, or tfjs, faster,
                      which wants npm --prefix examples/semi_supervised ci (plain)
  --seed N            any integer (1)
  --hidden N          width of the hidden layers (256)
  --batch N           images per step (100)
  --rate X            of Adam in the first epoch (0.001)
  --slowing X         its factor from epoch to epoch (1)
  --decay X           of the weights in a step, in parts of the rate (0)
  --shift N           images are moved by up to N pixels, anew each epoch (0)
  --temperature X     of the relaxation in the first epoch (1)
  --cooling X         its factor from epoch to epoch (0.97)
  --coldest X         where it stays (0.5)
`;

const factor = { wanted: 'a number > 0, at most 1', good: (x) => x > 0 && x <= 1 };

const NUMBERS = {
  images: integer(100),
  epochs: integer(1),
  seed: anyInteger,
  hidden: integer(1),
  batch: integer(1),
  rate: positive,
  temperature: positive,
  slowing: factor,
  decay: { wanted: 'a number >= 0', good: (x) => x >= 0 && x < Infinity },
  shift: integer(0),
  cooling: factor,
  coldest: positive,
};
const WORDS = { product: ['plain', 'tfjs'], latents: ['categorical', 'binary'], kl: RELAXATIONS };
const TEXTS = ['mnist', 'out'];
const FLAGS = ['resume', 'compare', 'straight-through', 'help'];

/** Options that say what the checkpoint has said, or what is compared. */
const WITH_RESUME = ['resume', 'out', 'mnist', 'epochs'];
const NOT_WITH_COMPARE = ['kl', 'straight-through', 'resume', 'out'];

/**
 * The options of the command line.
 *
 * Errors: Error beginning with the option, for an unknown one, a wrong value, two that do not go together.
 * @param {string[]} args
 */
export function readOptions(args) {
  const given = readArguments(args, { numbers: NUMBERS, words: WORDS, texts: TEXTS, flags: FLAGS });
  if (given.resume) {
    refuse(
      given,
      (name) => !WITH_RESUME.includes(name),
      'does not go with --resume, which takes it from the checkpoint',
    );
  }
  if (given.compare) refuse(given, (name) => NOT_WITH_COMPARE.includes(name), 'does not go with --compare');
  const {
    mnist,
    images,
    epochs = 20,
    out = 'build/vae',
    resume = false,
    compare = false,
    help = false,
    ...rest
  } = given;
  return { mnist, images, epochs, out, resume, compare, help, settings: settingsOf(rest) };
}

/** @returns {import('./session.mjs').Settings} */
function settingsOf({ kl, 'straight-through': straightThrough, ...others }) {
  const renamed = { relaxation: kl, straightThrough };
  const given = Object.entries(renamed).filter(([, value]) => value !== undefined);
  const settings = { ...DEFAULTS, ...others, ...Object.fromEntries(given) };
  if (settings.coldest > settings.temperature) {
    throw new Error(`--coldest: expected at most the temperature, ${settings.temperature}, got ${settings.coldest}`);
  }
  return settings;
}
