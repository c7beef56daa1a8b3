import { readFileSync } from 'node:fs';
import { scaleLog } from 'd3-scale';
import { card, COLOURS, FAINT, px, rule, text } from './chart.mjs';

/** The table that examples/llm/speed.mjs has given, as examples/llm/README.md has it: a name and the microseconds by vocabulary. */
const readme = readFileSync(new URL('../llm/README.md', import.meta.url), 'utf8');
const rows = readme
  .slice(readme.indexOf('| µs'))
  .split('\n')
  .filter((line) => /^\| [^-]/.test(line))
  .map((line) => line.slice(2, -2).split('|'))
  .map(([name, ...cells]) => ({ name: name.trim(), times: cells.map(Number) }));
const sizes = rows[0].times;
const measured = rows.slice(1);

/** Microseconds for a token at each step, for three sizes of vocabulary: a dot each, on a logarithmic scale. */
export function tokens() {
  const x = scaleLog([5, 200_000], [330, 840]);
  const height = 26 * measured.length;
  const [top, bottom] = [90, 90 + height];
  const ticks = [10, 100, 1000, 10_000, 100_000];
  const title = 'A token drawn from 131,072 logits: truncated in tens of microseconds, since nothing is sorted';
  const subtitle = 'Microseconds on one core, logits alike to a language model’s; medians of examples/llm/speed.mjs';
  return card({ width: 860, height: bottom + 62, title, subtitle }, [
    ...ticks.flatMap((tick) => [
      rule([x(tick), top - 12], [x(tick), bottom - 12], 'var(--grid)'),
      text(x(tick), bottom + 6, tick.toLocaleString('en'), { faint: true }),
    ]),
    text(585, bottom + 25, 'microseconds for a token', { faint: true }),
    ...measured.flatMap(({ name, times }, i) => {
      const y = top + 26 * i + 2;
      const colour = /^argmax|^transformers/.test(name) ? FAINT : COLOURS[0];
      const at = times.map((time) => x(time));
      return [
        text(318, y + 4, name, { anchor: 'end', faint: colour === FAINT }),
        rule([at[0], y], [at.at(-1), y], colour),
        ...at.map((cx, j) => `<circle cx="${px(cx)}" cy="${px(y)}" r="${j === 1 ? 5 : 3}" fill="${colour}"/>`),
      ];
    }),
    text(330, bottom + 48, `three dots: vocabularies of ${sizes.map((n) => n.toLocaleString('en')).join(', ')}`, {
      anchor: 'start',
      faint: true,
    }),
  ]);
}
