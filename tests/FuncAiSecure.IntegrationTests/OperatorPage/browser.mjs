// Goes through the operator page in a headless Chromium. Reads its input as JSON, writes {scenario: "ok" or what went wrong}.
import assert from 'node:assert/strict';
import { accessSync, constants, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';

const { modules, origin, operatorKey, callerKey, screenshots } = JSON.parse(readFileSync(0, 'utf8'));
const require = createRequire(join(modules, 'x.js'));
const { chromium } = require('playwright-core');
const axe = readFileSync(join(modules, 'axe-core', 'axe.min.js'), 'utf8');
mkdirSync(screenshots, { recursive: true });

const browser = await chromium.launch({ executablePath: findChromium(), args: ['--disable-dev-shm-usage'], chromiumSandbox: false });
const asked = [];
const unanswered = new Set();
const violations = [];
const results = {};

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
async function open(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, colorScheme: 'light', reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
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

async function signIn(page, key = operatorKey) {
  await page.getByLabel('Key or token').fill(key);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

async function openBoard(options) {
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

const polled = (page, locator) => until(page, async () => (await locator.count()) > 0, String(locator));

/** Until the page has asked for statistics again, so many times. */
function looks(page, times) {
  const count = () => asked.filter((request) => request.url().endsWith('/manage/statistics')).length;
  const before = count();
  return until(page, () => count() >= before + times, 'another look');
}

const dataRequests = () => asked.filter((request) => new URL(request.url()).pathname.startsWith('/manage/')).length;

async function scenario(name, run) {
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

async function isRefused(key, words) {
  const page = await open();
  await signIn(page, key);
  const notice = page.getByRole('alert');
  await notice.waitFor({ state: 'visible' });
  assert.match(await notice.textContent(), words);
  assert.equal(await page.locator('#board').isVisible(), false);
  assert.equal(await page.getByLabel('Key or token').inputValue(), '');
  return page;
}

const table = (page, caption) => page.getByRole('region', { name: caption, exact: true });

async function seriousIn(page) {
  await page.clock.resume();
  await page.evaluate(axe);
  const { violations: found } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  return found.filter((one) => ['serious', 'critical', 'moderate'].includes(one.impact)).map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' | ')}`);
}

const shot = (page, name) => page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true });

await scenario('a key that is not known is refused in words', () => isRefused(`fais_0000000000000000_${'0'.repeat(59)}`, /The key was not accepted\. \(401 credential-invalid\)/));

await scenario('a key without the role is refused in words', async () => {
  const page = await isRefused(callerKey, /does not have the role read\.usage.*\(403 role-missing\)/);
  await shot(page, 'refused');
});

await scenario('what is no key is not sent', async () => {
  const before = dataRequests();
  await isRefused('one two', /This is not a key/);
  await isRefused('schlüssel', /This is not a key/);
  assert.equal(dataRequests(), before);
});

await scenario('the board shows what has happened', async () => {
  const page = await openBoard();
  const requests = table(page, 'Last requests, newest first');
  await requests.getByText('200 served').first().waitFor();
  assert.match(await requests.textContent(), /Classifywords 1/);
  assert.match(await requests.textContent(), /401 credential-missing/);
  assert.match(await table(page, 'Refusals, lately and since the start').textContent(), /quota-exceeded/);
  assert.match(await table(page, 'Versions of models').textContent(), /words1readyyes/);
  assert.match(await table(page, 'Latency by action, last 15 to 30 minutes').textContent(), /Classify/);
  assert.match(await table(page, 'Since each version was loaded; wait and run are means of a request').textContent(), /words1/);
  await polled(page, table(page, 'Quota use by principal').getByText('console-caller'));
  assert.match(await table(page, 'Quota use by principal').textContent(), /console-callerthreeday.*33100 %/);
  assert.match(await page.getByRole('img', { name: /^Requests by outcome\. Last 15 minutes: [0-9,]+ served/ }).getAttribute('aria-label'), /refused/);
  assert.ok((await page.locator('#requests svg rect.served').count()) > 0);
  assert.ok((await page.locator('#requests svg rect.refused').count()) > 0);
  assert.ok((await page.locator('#latency svg .p95').count()) > 0);
  assert.ok((await page.locator('#queues').getByRole('img', { name: 'Rows of a run' }).locator('rect').count()) > 0);
  assert.match(await page.locator('#shown').textContent(), /^Instance [0-9a-f]{16}, /);

  // It goes on by itself, and leaves what the reader has opened alone.
  await page.locator('#requests summary').click();
  await page.locator('#requests summary').focus();
  await looks(page, 3);
  assert.equal(await page.locator('#requests details').getAttribute('open'), '');
  assert.equal(await page.evaluate(() => document.activeElement.closest('section').id), 'requests');

  await page.getByLabel('Another principal').fill('somebody-else');
  await page.getByRole('button', { name: 'Show' }).click();
  await polled(page, table(page, 'Quota use by principal').getByText('somebody-else'));
  await page.getByLabel('Another principal').fill('no such one');
  await page.getByRole('button', { name: 'Show' }).click();
  await page.locator('#quotas').getByText('The server refused. (422 input-invalid)').waitFor();
});

await scenario('the key is in no storage, address or document', async () => {
  const page = await openBoard();
  await page.clock.runFor(6_000);
  const places = await page.evaluate(async () => ({
    address: location.href + JSON.stringify(history.state) + document.referrer + window.name,
    storage: JSON.stringify({ ...localStorage }) + JSON.stringify({ ...sessionStorage }) + document.cookie,
    databases: JSON.stringify(await indexedDB.databases()),
    caches: typeof caches === 'undefined' ? '' : JSON.stringify(await caches.keys()),
    globals: Object.keys(window).map((name) => { try { return String(window[name]); } catch { return ''; } }).join(),
    document: document.documentElement.outerHTML + [...document.querySelectorAll('input')].map((input) => input.value).join(),
  }));
  const secret = operatorKey.split('_')[2];
  for (const [place, content] of Object.entries(places)) assert.ok(!content.includes(secret), place);
  assert.equal(places.storage, '{}{}');
  assert.equal(places.databases, '[]');
  assert.equal((await page.context().cookies()).length, 0);
  assert.ok(asked.every((request) => !request.url().includes(secret)));
  assert.ok(asked.filter((request) => request.url().includes('/manage/')).every((request) => request.method() === 'GET' && request.postData() === null));
});

await scenario('signing out forgets and asks no more', async () => {
  const page = await openBoard();
  await page.getByRole('button', { name: 'Sign out' }).click();
  assert.match(await page.getByRole('alert').textContent(), /The key is forgotten/);
  assert.equal(await page.locator('#board').isVisible(), false);
  assert.equal(await page.locator('#panels > *').count(), 0);
  const before = dataRequests();
  await page.clock.runFor(120_000);
  assert.equal(dataRequests(), before);
  await signIn(page);
  await page.locator('#overview').waitFor();
});

await scenario('a reload forgets', async () => {
  const page = await openBoard();
  await page.reload();
  await page.getByLabel('Key or token').waitFor();
  assert.equal(await page.getByLabel('Key or token').inputValue(), '');
  assert.equal(await page.locator('#board').isVisible(), false);
});

await scenario('hostile names are text', async () => {
  const page = await open();
  const hostile = '"><img src=x onerror="window.broken=1"><script>window.broken=1</script>';
  await page.route('**/manage/statistics', async (route) => {
    const answer = await route.fetch();
    const body = await answer.json();
    for (const list of [body.models, body.actions, body.recent, body.refusals, body.callers]) {
      for (const item of list) for (const name of Object.keys(item)) if (typeof item[name] === 'string' && name !== 'at') item[name] = hostile;
    }
    body.failing = [hostile];
    body.instance = hostile;
    await route.fulfill({ response: answer, json: body });
  });
  await page.route('**/manage/usage?**', (route) => route.fulfill({ json: { principal: hostile, plan: hostile, policies: [{ name: hostile, unit: hostile, window: hostile, limit: 1, used: 1 }] } }));
  await page.route('**/manage/anomalies?**', (route) =>
    route.fulfill({ json: { anomalies: [{ at: hostile, signal: hostile, principal: hostile, model: hostile, version: hostile, value: 1, limit: 1 }] } }));
  await signIn(page);
  await table(page, 'Versions of models').getByText(hostile).first().waitFor();
  await table(page, 'Quota use by principal').getByText(hostile).first().waitFor();
  await table(page, 'Latest anomalies').getByText(hostile).first().waitFor();
  assert.equal(await page.evaluate(() => window.broken), undefined);
  assert.equal(await page.locator('img').count(), 0);
  assert.equal(await page.locator('script').count(), 1);
});

await scenario('trouble is told, waited out and over', async () => {
  const page = await openBoard();
  const problem = (status, code, headers) => (route) =>
    route.fulfill({ status, headers, contentType: 'application/problem+json', body: JSON.stringify({ type: `urn:funcaisecure:problem:${code}`, status }) });
  const state = page.getByRole('status').and(page.locator('#state'));
  const told = (words) => polled(page, state.getByText(words));
  await page.route('**/manage/statistics', problem(503, 'dependency-unavailable', { 'Retry-After': '25' }));
  await told(/cannot answer at the moment\. \(503 dependency-unavailable\).*is old\. Next try in 25 s/);
  await shot(page, 'trouble');

  await page.unroute('**/manage/statistics');
  await page.route('**/manage/statistics', problem(429, 'rate-limited', {}));
  await told(/Too many requests\. \(429 rate-limited\).*Next try in (1[6-9]|2[0-4]) s/);

  await page.unroute('**/manage/statistics');
  await page.route('**/manage/statistics', (route) => route.abort());
  await told(/did not answer\..*Next try in (3[2-9]|4[0-8]) s/);

  await page.unroute('**/manage/statistics');
  await told('The server answers again.');
});

await scenario('a key that is revoked meanwhile ends the session', async () => {
  const page = await openBoard();
  await page.route('**/manage/statistics', (route) =>
    route.fulfill({ status: 401, contentType: 'application/problem+json', body: JSON.stringify({ type: 'urn:funcaisecure:problem:credential-invalid' }) }));
  await polled(page, page.getByRole('alert').getByText(/not accepted/));
  assert.equal(await page.locator('#board').isVisible(), false);
});

await scenario('a hidden or paused page asks for nothing', async () => {
  const page = await openBoard();
  await polled(page, table(page, 'Latest anomalies').locator('tbody tr'));
  const hide = (isHidden) =>
    page.evaluate((hidden) => {
      Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }, isHidden);
  const quiet = async () => {
    // What was asked for before, one request after the other, may end, however long an answer takes.
    let before;
    do {
      before = dataRequests();
      await new Promise((resolve) => setTimeout(resolve, 500));
    } while (dataRequests() !== before || [...unanswered].some((request) => request.frame().page() === page));
    await page.clock.runFor(90_000);
    assert.equal(dataRequests(), before);
  };

  await hide(true);
  await quiet();
  const again = page.waitForRequest('**/manage/statistics');
  await hide(false);
  await again;

  await page.getByRole('button', { name: 'Pause' }).click();
  await quiet();
  const resumed = page.waitForRequest('**/manage/statistics');
  await page.getByRole('button', { name: 'Pause', pressed: true }).click();
  await resumed;

  await hide(true);
  await page.clock.runFor(15 * 60_000 + 1_000);
  assert.match(await page.getByRole('alert').textContent(), /nobody looked/);
});

await scenario('waits, scales and places in time are computed as they should be', async () => {
  const page = await open();
  const { waits, scales, filled } = await page.evaluate(async () => {
    const [{ delayMs }, { niceMax }, { places }] = await Promise.all(['poll', 'plots', 'traffic'].map((name) => import(`/console/${name}.js`)));
    const points = ['2026-01-01T11:45:00Z', '2026-01-01T11:45:10Z', '2026-01-01T11:59:50Z', '2026-01-01T12:00:00Z', '2026-01-01T12:00:10Z'].map((at) => ({ at }));
    const timeline = { seconds: 10, count: 90, points };
    return {
      waits: Array.from({ length: 60 }, (_, failures) => [failures, delayMs(5_000, failures, 0, 0), delayMs(5_000, failures, 0, 1), delayMs(5_000, failures, 90)]),
      scales: [0, 0.5, 1, 1.1, 2, 2.1, 5.5, 10, 11, 19, 21, 99, 101, 4_999, 5_001].map(niceMax),
      filled: places(timeline, '2026-01-01T12:00:07Z').map((point) => point?.at ?? null),
    };
  });
  for (const [failures, least, most, asked] of waits) {
    const grown = Math.min(60_000, 5_000 * 2 ** failures);
    assert.deepEqual([Math.round(least), Math.round(most), asked], failures === 0 ? [5_000, 5_000, 90_000] : [grown * 0.8, Math.round(grown * 1.2), 90_000]);
  }
  assert.deepEqual(scales, [1, 1, 1, 2, 2, 5, 10, 10, 20, 20, 50, 100, 200, 5_000, 10_000]);
  assert.equal(filled.length, 90);
  assert.deepEqual(filled.filter((at) => at !== null), ['2026-01-01T11:45:10Z', '2026-01-01T11:59:50Z', '2026-01-01T12:00:00Z']);
  assert.equal(filled[89], '2026-01-01T12:00:00Z');
});

await scenario('several instances are told apart', async () => {
  const page = await open();
  const names = ['aaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbb'];
  let turn = 0;
  await page.route('**/manage/statistics', async (route) => {
    const answer = await route.fetch();
    const body = await answer.json();
    const i = turn++ % 2;
    await route.fulfill({ response: answer, json: { ...body, instance: names[i], requests: { active: 0, served: 1000 + i, refused: 10 + i, abandoned: i } } });
  });
  await signIn(page);
  const seen = table(page, 'Instances seen since sign-in');
  await polled(page, seen.getByText(names[1]));
  assert.match(await seen.textContent(), /All of these––2,001211/);
  await page.getByLabel('Show', { exact: true }).selectOption(names[0]);
  for (let i = 0; i < 3; i++) {
    await looks(page, 1);
    assert.match(await page.locator('#shown').textContent(), /^Instance aaaa/);
  }
});

await scenario('the keyboard alone is enough', async () => {
  const page = await open();
  const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.textContent.trim());
  const press = (key) => page.keyboard.press(key);
  await press('Tab');
  assert.equal(await focused(), 'Skip to content');
  await press('Enter');
  assert.equal(await focused(), 'main');
  await press('Tab');
  assert.equal(await focused(), 'key');
  await page.keyboard.type(operatorKey);
  await press('Enter');
  await page.locator('#board').waitFor({ state: 'visible' });
  assert.equal(await focused(), 'overview-title');

  // Every stop of the way round is seen, shows its focus and has a name.
  await page.evaluate(() => document.getElementById('main').focus());
  await press('Shift+Tab');
  const stops = [];
  for (let i = 0; i < 60; i++) {
    const stop = await page.evaluate(() => {
      const { activeElement: at } = document;
      const style = getComputedStyle(at);
      const text = at.getAttribute('aria-label') || at.labels?.[0]?.textContent || at.textContent.trim();
      return at === document.body ? null : { text: text.slice(0, 40), isSeen: at.getClientRects().length > 0, hasRing: style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) >= 2 };
    });
    if (stop === null) break;
    assert.ok(stop.isSeen && stop.hasRing && stop.text !== '', JSON.stringify(stop));
    stops.push(stop.text);
    await press('Tab');
  }
  for (const name of ['Sign out', 'Overview', 'Live requests', 'Show as table', 'Another principal', 'Versions of models', 'Show']) assert.ok(stops.includes(name), `${name} in ${stops.join(', ')}`);

  await page.getByRole('link', { name: 'Model versions' }).focus();
  await press('Enter');
  assert.equal(await focused(), 'models-title');
  await page.getByRole('button', { name: 'Sign out' }).focus();
  await press('Enter');
  assert.equal(await focused(), 'key');
});

await scenario('a phone needs no sideways scrolling', async () => {
  const page = await open({ viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true });
  await shot(page, 'phone-sign-in');
  await signIn(page);
  await polled(page, table(page, 'Quota use by principal').getByText('console-caller'));
  const widths = await page.evaluate(() => ({
    page: document.documentElement.scrollWidth,
    far: [...document.querySelectorAll('main *:not(.scroll *):not(.skip)')].filter((node) => node.getBoundingClientRect().right > 361).map((node) => `${node.tagName}.${node.className}`),
    small: [...document.querySelectorAll('button, input:not([type=checkbox]), select')].filter((node) => node.offsetParent !== null && node.offsetHeight < 32).map((node) => node.id),
  }));
  assert.deepEqual(widths, { page: 360, far: [], small: [] });
  await shot(page, 'phone');
});

await scenario('light and dark are readable and accessible', async () => {
  for (const colorScheme of ['light', 'dark']) {
    const page = await open({ colorScheme });
    assert.deepEqual(await seriousIn(page), []);
    await signIn(page);
    await polled(page, table(page, 'Quota use by principal').getByText('console-caller'));
    await page.locator('#latency summary').click();
    assert.deepEqual(await seriousIn(page), []);
    await page.locator('#latency summary').click();
    await shot(page, colorScheme);
  }

  // The choice of the reader goes before the system's.
  const page = await open({ colorScheme: 'light' });
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await background();
  await page.getByRole('button', { name: 'Theme: automatic' }).click();
  assert.notEqual(await background(), light);
  await page.getByRole('button', { name: 'Theme: dark' }).click();
  assert.equal(await background(), light);
  await page.emulateMedia({ colorScheme: 'dark' });
  assert.equal(await background(), light);
  await page.getByRole('button', { name: 'Theme: light' }).click();
  assert.notEqual(await background(), light);
});

await scenario('nothing broke the content policy or left for another origin', async () => {
  assert.deepEqual(violations, []);
  assert.deepEqual(asked.map((request) => new URL(request.url()).origin).filter((place) => place !== origin), []);

  // The watch itself works: what the policy forbids is reported.
  const page = await open();
  await page.evaluate(() => document.head.append(Object.assign(document.createElement('style'), { textContent: 'p{}' })));
  await page.waitForFunction(() => true);
  assert.ok(violations.some((text) => text.includes('style-src')), violations.join());
});

await browser.close();
process.stdout.write(JSON.stringify(results));
