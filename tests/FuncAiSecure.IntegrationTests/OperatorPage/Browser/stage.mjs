// What the scenarios share: the browser, what a page has asked for and broken, time that stands still until it is moved.
import assert from 'node:assert/strict';
import { accessSync, constants, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';

export const { modules, origin, operatorKey, callerKey, screenshots } = JSON.parse(readFileSync(0, 'utf8'));
const require = createRequire(join(modules, 'x.js'));
const { chromium } = require('playwright-core');
mkdirSync(screenshots, { recursive: true });

export const browser = await chromium.launch({ executablePath: findChromium(), args: ['--disable-dev-shm-usage'], chromiumSandbox: false });
export const asked = [];
const unanswered = new Set();
export const violations = [];
export const results = {};

function findChromium() {
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  const places = process.env.PATH.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  const found = places.find((place) => {
    try {
      accessSync(place, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  if (!found) throw new Error('Chromium is missing: install the Debian package chromium');
  return found;
}

/** A new page in a context of its own, with everything recorded that it asks for, logs and breaks. */
export async function open(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, colorScheme: 'light', reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  await page.exposeFunction('reportViolation', (text) => violations.push(text));
  await page.addInitScript(() => document.addEventListener('securitypolicyviolation', (event) => window.reportViolation(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`)));
  page.on('request', (request) => {
    asked.push(request);
    unanswered.add(request);
  });
  for (const end of ['requestfinished', 'requestfailed']) page.on(end, (request) => unanswered.delete(request));
  page.on('pageerror', (error) => violations.push(`error: ${error.message}`));
  page.on('console', (message) => {
    // A refused answer is logged by the browser itself.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) violations.push(`console: ${message.text()}`);
  });
  // Time stands still until a scenario moves it: what is polled when does not depend on how busy the machine is.
  const now = Date.now();
  await page.clock.install({ time: now });
  await page.goto(`${origin}/console`);
  await page.clock.pauseAt(now + 60_000);
  return page;
}

export async function signIn(page, key = operatorKey) {
  await page.getByLabel('Key or token').fill(key);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

export async function openBoard(options) {
  const page = await open(options);
  await signIn(page);
  await page.locator('#board').waitFor({ state: 'visible' });
  return page;
}

/** Moves the time on, second by second with a breath for answers, until a condition holds; five minutes at most. */
async function until(page, condition, what) {
  for (let i = 0; i < 300; i++) {
    if (await condition()) return;
    await page.clock.runFor(1_000);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  assert.fail(`never: ${what}`);
}

export const polled = (page, locator) => until(page, async () => (await locator.count()) > 0, String(locator));

/** Until the page has asked for statistics again, so many times. */
export function looks(page, times) {
  const count = () => asked.filter((request) => request.url().endsWith('/manage/statistics')).length;
  const before = count();
  return until(page, () => count() >= before + times, 'another look');
}

/** When what a page has asked for, one request after the other, has ended, however long an answer takes: how often data was asked for. */
export async function settled(page) {
  let before;
  do {
    before = dataRequests();
    await new Promise((resolve) => setTimeout(resolve, 500));
  } while (dataRequests() !== before || [...unanswered].some((request) => request.frame().page() === page));
  return before;
}

export const dataRequests = () => asked.filter((request) => new URL(request.url()).pathname.startsWith('/manage/')).length;

export async function scenario(name, run) {
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error('No end after two minutes.')), 120_000);
  });
  try {
    await Promise.race([run(), limit]);
    results[name] = 'ok';
  } catch (error) {
    results[name] = String(error.stack ?? error).slice(0, 1500);
  } finally {
    clearTimeout(timer);
    for (const context of browser.contexts()) {
      await Promise.all(context.pages().map((page) => page.unrouteAll({ behavior: 'ignoreErrors' })));
      await context.close();
    }
  }
}

export const table = (page, caption) => page.getByRole('region', { name: caption, exact: true });

export const shot = (page, name) => page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true });
