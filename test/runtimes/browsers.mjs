// Debian's browsers. Nothing drives them: a page posts its report by itself.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { start } from '../support/packed.mjs';

const MINI_BROWSER = '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser';

/** Without the background work of a desktop browser, whose connections would be refused here. */
const CHROMIUM_ARGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const FIREFOX_PREFS = {
  'browser.shell.checkDefaultBrowser': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'toolkit.telemetry.enabled': false,
  'app.update.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'browser.aboutwelcome.enabled': false,
};

export const browsers = {
  Chromium: {
    packages: ['chromium'],
    command: '/usr/bin/chromium',
    args: (profile, url) => [...CHROMIUM_ARGS, `--user-data-dir=${profile}`, url],
  },
  Firefox: {
    packages: ['firefox-esr'],
    command: '/usr/bin/firefox-esr',
    args: (profile, url) => ['--headless', '--no-remote', '--profile', profile, url],
    prepare(profile) {
      const lines = Object.entries(FIREFOX_PREFS).map(([name, value]) => `user_pref('${name}', ${value});\n`);
      writeFileSync(join(profile, 'user.js'), lines.join(''));
    },
  },
  WebKit: {
    packages: ['webkit2gtk-driver', 'xvfb', 'xauth'],
    command: MINI_BROWSER,
    under: ['/usr/bin/xvfb-run', '-a'],
    args: (_, url) => [url],
  },
};

/** Installs what is missing, where this is Debian and we may. */
export function installBrowsers() {
  const missing = Object.values(browsers).filter(({ command, under }) =>
    [command, ...(under ?? [])].some((file) => file.startsWith('/') && !existsSync(file)),
  );
  const packages = missing.flatMap((browser) => browser.packages);
  if (packages.length === 0 || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return;
  console.log(`apt-get install ${packages.join(' ')}: once, and large`);
  const apt = (...args) => execFileSync('apt-get', ['-q', ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  apt('update');
  apt('install', '-y', '--no-install-recommends', ...packages);
}

/** Opens a page in a browser of its own, with more arguments if need be; `stop` ends it. */
export function open(name, url, more = []) {
  const { packages, command, args, prepare, under = [] } = browsers[name];
  if (!existsSync(command)) throw new Error(`${command} is missing: apt-get install ${packages.join(' ')} (Debian)`);
  const profile = mkdtempSync(join(tmpdir(), 'anymax-profile-'));
  prepare?.(profile);
  const [first, ...rest] = [...under, command, ...more, ...args(profile, url)];
  const browser = start(first, rest);
  return {
    ...browser,
    async stop() {
      browser.stop();
      await browser.ended;
      rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}
