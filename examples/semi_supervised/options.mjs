import { anyInteger, integer, positive, readArguments, refuse } from '../vae/arguments.mjs';
import { CLASSES } from './data.mjs';
import { MODELS } from './model.mjs';
import { UNKNOWN } from './objective.mjs';
import { DEFAULTS } from './session.mjs';

export const HELP = `node examples/semi_supervised/main.mjs [options]

Learns to read digits from 100 labelled images and some thousands without a label.

  --mnist FOLDER      the 10,000 test digits of MNIST instead of drawn ones; in it
                      t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte, or .gz
  --model NAME        m2, adgm or sdgm (m2)
  --class HOW         the class of an image without a label: sampled, marginalised
                      or straight-through (sampled)
  --seconds N         seconds of CPU, of all threads, start and checks included (300)
  --epochs N          passes over the images instead: with the same options the same
                      numbers, also where the run was interrupted
  --out FOLDER        where checkpoint and progress go (build/semi_supervised)
  --resume            go on from the checkpoint in --out

  --seed N            any integer: the split, the weights, all noise (1)
  --labels N          how many images have one, a multiple of 10 (100)
  --validation N      images that progress is measured on; not learnt from (1000)
  --hidden N          width of the hidden layers (128)
  --depth N           how many of them (2)
  --latents N         width of z, and of a (32)
  --kl-weight X       of the KL terms of z and a (4)
  --weight X          of the cross-entropy of labelled images (9)
  --temperature X     of the sampled class (0.5)
  --batch N           images without a label per step (100)
  --labelled N        images with one per step (50)
  --shift N           labelled images are moved by up to N pixels, anew in each step (2)
  --rate X            of Adam for half of the run; then it falls to 0 (0.0015)
`;

const NUMBERS = {
  seconds: positive,
  epochs: integer(1),
  seed: anyInteger,
  labels: {
    wanted: `a multiple of ${CLASSES} > 0`,
    good: (x) => Number.isSafeInteger(x) && x > 0 && x % CLASSES === 0,
  },
  validation: integer(1),
  hidden: integer(1),
  depth: integer(1),
  latents: integer(1),
  'kl-weight': positive,
  weight: positive,
  temperature: positive,
  batch: integer(1),
  labelled: integer(1),
  rate: positive,
  shift: integer(0),
};
const WORDS = { model: MODELS, class: UNKNOWN };
const TEXTS = ['mnist', 'out'];
const FLAGS = ['resume', 'help'];
const WITH_RESUME = ['resume', 'out', 'mnist', 'seconds', 'epochs'];

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
  if (given.epochs) refuse(given, (name) => name === 'seconds', 'does not go with --epochs');
  const {
    mnist,
    epochs,
    seconds = 300,
    out = 'build/semi_supervised',
    resume = false,
    help = false,
    class: unknown = DEFAULTS.unknown,
    'kl-weight': klWeight = DEFAULTS.klWeight,
    ...rest
  } = given;
  /** @type {import('./session.mjs').Settings} */
  const settings = { ...DEFAULTS, unknown, klWeight, ...rest };
  if (settings.labelled > settings.labels) {
    throw new Error(
      `--labelled: expected at most ${settings.labels}, the labels that there are, got ${settings.labelled}`,
    );
  }
  return { mnist, epochs, seconds, out, resume, help, settings };
}
