// Keyboards, phones, light and dark.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { modules, open, operatorKey, polled, scenario, shot, signIn, table } from './stage.mjs';

const axe = readFileSync(join(modules, 'axe-core', 'axe.min.js'), 'utf8');

async function seriousIn(page) {
  await page.clock.resume();
  await page.evaluate(axe);
  const { violations: found } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
  return found.filter((one) => ['serious', 'critical', 'moderate'].includes(one.impact)).map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(' | ')}`);
}

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
