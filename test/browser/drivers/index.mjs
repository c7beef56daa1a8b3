// Chromium and Firefox through puppeteer-core, WebKit through WebDriver: the same few verbs. What a click or a drag is
// stands in run.mjs; here are only a pointer, keys and the size of the window.
import { setTimeout } from 'node:timers/promises';
import { installLocked, root, start } from '../../support/packed.mjs';
import { browsers } from '../../runtimes/browsers.mjs';
import { freePort } from '../../support/servers.mjs';

installLocked(`${root}test/browser/drivers`);
const { default: puppeteer } = await import('puppeteer-core');

/** @param {'chrome' | 'firefox'} browser @param {string} name */
async function byPuppeteer(browser, name) {
  const { command, args } = browsers[name];
  const launched = await puppeteer.launch({
    browser,
    executablePath: command,
    args: browser === 'chrome' ? args('', '').filter((arg) => /^--(?!user-data-dir|headless)/.test(arg)) : [],
  });
  const page = await launched.newPage();
  const { mouse, keyboard } = page;
  return {
    goto: (url) => page.goto(url),
    evaluate: (fn, ...args) => page.evaluate(fn, ...args),
    async pointer([first, ...rest]) {
      await mouse.move(...first);
      await mouse.down();
      for (const point of rest) await mouse.move(...point);
      await mouse.up();
    },
    async keys(keys) {
      for (const key of keys) await keyboard.press(key);
    },
    resize: (width, height) => page.setViewport({ width, height }),
    scheme: (value) => page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }]),
    stop: () => launched.close(),
  };
}

/** The code points that WebDriver has for keys without a character. */
const CODES = {
  Tab: '\uE004',
  End: '\uE010',
  Home: '\uE011',
  Backspace: '\uE003',
  PageUp: '\uE00E',
  PageDown: '\uE00F',
};
Object.assign(CODES, { ArrowLeft: '\uE012', ArrowUp: '\uE013', ArrowRight: '\uE014', ArrowDown: '\uE015', ' ': ' ' });

async function byWebDriver() {
  const port = await freePort();
  const server = start('/usr/bin/xvfb-run', ['-a', '/usr/bin/WebKitWebDriver', `--port=${port}`]);
  const call = async (method, path, body) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, body: body && JSON.stringify(body) });
    const { value } = await answer.json();
    if (!answer.ok) throw new Error(`${path}: ${value.message}`);
    return value;
  };
  const deadline = Date.now() + 20_000;
  while (
    !(await call('GET', '/status').then(
      ({ ready }) => ready,
      () => false,
    ))
  ) {
    if (Date.now() > deadline) throw new Error(`WebKitWebDriver: ${server.output()}`);
    await setTimeout(100);
  }
  const options = { binary: browsers.WebKit.command, args: ['--automation'] };
  const alwaysMatch = { 'webkitgtk:browserOptions': options };
  const { sessionId } = await call('POST', '/session', { capabilities: { alwaysMatch } });
  const session = (method, path, body) => call(method, `/session/${sessionId}${path}`, body);
  const perform = (type, actions, more) =>
    session('POST', '/actions', { actions: [{ type, id: type, actions, ...more }] });
  return {
    goto: (url) => session('POST', '/url', { url }),
    evaluate: (fn, ...args) =>
      session('POST', '/execute/async', {
        script: `const args = [...arguments]; const done = args.pop(); Promise.resolve((${fn})(...args)).then(done);`,
        args,
      }),
    pointer([first, ...rest]) {
      const move = ([x, y]) => ({ type: 'pointerMove', x: Math.round(x), y: Math.round(y) });
      const [down, up] = ['pointerDown', 'pointerUp'].map((type) => ({ type, button: 0 }));
      return perform('pointer', [move(first), down, ...rest.map(move), up], { parameters: { pointerType: 'mouse' } });
    },
    keys: (keys) =>
      perform(
        'key',
        keys
          .map((key) => CODES[key] ?? key)
          .flatMap((value) => [
            { type: 'keyDown', value },
            { type: 'keyUp', value },
          ]),
      ),
    resize: (width, height) => session('POST', '/window/rect', { width, height }),
    async stop() {
      await session('DELETE', '').catch(() => {});
      server.stop();
      await server.ended;
    },
  };
}

export const drivers = {
  Chromium: () => byPuppeteer('chrome', 'Chromium'),
  Firefox: () => byPuppeteer('firefox', 'Firefox'),
  WebKit: byWebDriver,
};
