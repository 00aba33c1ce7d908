// Servers that fail, names that are no text, readers who look away.
import assert from 'node:assert/strict';
import { dataRequests, open, openBoard, polled, scenario, settled, shot, signIn, table } from './stage.mjs';

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

const hide = (page, isHidden) =>
  page.evaluate((hidden) => {
    Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, isHidden);

await scenario('a hidden or paused page asks for nothing', async () => {
  const page = await openBoard();
  await polled(page, table(page, 'Latest anomalies').locator('tbody tr'));
  const quiet = async () => {
    const before = await settled(page);
    await page.clock.runFor(90_000);
    assert.equal(dataRequests(), before);
  };

  await hide(page, true);
  await quiet();
  const again = page.waitForRequest('**/manage/statistics');
  await hide(page, false);
  await again;

  await page.getByRole('button', { name: 'Pause' }).click();
  await quiet();
  const resumed = page.waitForRequest('**/manage/statistics');
  await page.getByRole('button', { name: 'Pause', pressed: true }).click();
  await resumed;

  await hide(page, true);
  await page.clock.runFor(15 * 60_000 + 1_000);
  assert.match(await page.getByRole('alert').textContent(), /nobody looked/);
});

await scenario('a page that was out of sight while the machine slept is signed out before it asks', async () => {
  const page = await openBoard();
  await hide(page, true);
  // Timers do not run while it sleeps; the clock does.
  await page.evaluate(() => {
    const now = Date.now() + 8 * 3_600_000;
    Date.now = () => now;
  });
  const before = await settled(page);
  await hide(page, false);

  assert.match(await page.getByRole('alert').textContent(), /nobody looked/);
  assert.equal(dataRequests(), before);
});
