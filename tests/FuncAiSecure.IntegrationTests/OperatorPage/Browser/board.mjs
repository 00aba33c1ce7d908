// What the board shows, of one instance and of several.
import assert from 'node:assert/strict';
import { looks, open, openBoard, polled, scenario, signIn, table } from './stage.mjs';

/** Lets the server say something else of itself. */
const altering = (page, change) =>
  page.route('**/manage/statistics', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: change(await answer.json()) });
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
  assert.match(await table(page, 'Quota use by principal').textContent(), /console-callerthreemonth.*33100 %/);
  assert.match(await page.getByRole('img', { name: /^Requests by outcome\. Last 15 minutes: [0-9,]+ served/ }).getAttribute('aria-label'), /refused/);
  assert.ok((await page.locator('#requests svg rect.served').count()) > 0);
  assert.ok((await page.locator('#requests svg rect.refused').count()) > 0);
  assert.ok((await page.locator('#latency svg .p95').count()) > 0);
  assert.ok((await page.locator('#queues').getByRole('img', { name: 'Rows of a run' }).locator('rect').count()) > 0);
  assert.match(await page.locator('#shown').textContent(), /^Instance [0-9a-f]{20}, /);

  // It goes on by itself, and leaves what the reader has opened alone.
  await page.locator('#requests summary').click();
  await page.locator('#requests summary').focus();
  await looks(page, 3);
  assert.equal(await page.locator('#requests details').getAttribute('open'), '');
  assert.equal(await page.evaluate(() => document.activeElement.closest('section').id), 'requests');

  await page.getByLabel('Another principal').fill('somebody-else');
  await page.getByRole('button', { name: 'Show' }).click();
  await polled(page, table(page, 'Quota use by principal').getByText('somebody-else'));
  const policies = ['burst', 'concurrent'].map((window) => ({ name: window, window, unit: 'requests', limit: 4, used: 1, left: 3, enforced: true }));
  await page.route('**/manage/usage?principal=of-a-burst*', (route) => route.fulfill({ json: { principal: 'of-a-burst', plan: 'p', plan_changed: false, policies } }));
  await page.getByLabel('Another principal').fill('of-a-burst');
  await page.getByRole('button', { name: 'Show' }).click();
  await polled(page, table(page, 'Quota use by principal').getByText('burst, requests in a burst'));
  assert.match(await table(page, 'Quota use by principal').textContent(), /concurrent, requests at once/);
  await page.getByLabel('Another principal').fill('no such one');
  await page.getByRole('button', { name: 'Show' }).click();
  await page.locator('#quotas').getByText('The server refused. (422 input-invalid)').waitFor();
});

await scenario('several instances are told apart', async () => {
  const page = await open();
  const names = ['aaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbb'];
  let turn = 0;
  await altering(page, (body) => {
    const i = turn++ % 2;
    return { ...body, instance: names[i], requests: { active: 0, served: 1000 + i, refused: 10 + i, abandoned: i } };
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

await scenario('an instance that is held on to and keeps silent is shown as old', async () => {
  const page = await open();
  const names = ['aaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbb'];
  let turn = 0;
  await altering(page, (body) => {
    const at = new Date(Date.parse(body.at) + turn * 20_000).toISOString();
    return { ...body, at, instance: names[turn++ === 0 ? 0 : 1] };
  });
  await signIn(page);
  await polled(page, table(page, 'Instances seen since sign-in').getByText(names[1]));
  await page.getByLabel('Show', { exact: true }).selectOption(names[0]);
  assert.match(await page.locator('#shown').textContent(), /^Instance a+, [0-9:]+\. It has been silent since, for (2\d|[3-9]\d|\d{3}) s: what is shown is old\.$/);
  assert.match(await page.locator('#board').getAttribute('class'), /stale/);

  await looks(page, 1);
  assert.match(await page.locator('#board').getAttribute('class'), /stale/);
  await page.getByLabel('Show', { exact: true }).selectOption('');
  assert.match(await page.locator('#shown').textContent(), /^Instance b+, [0-9:]+$/);
  assert.doesNotMatch(await page.locator('#board').getAttribute('class') ?? '', /stale/);
});

await scenario('an answer that comes late does not cover a newer one', async () => {
  const page = await openBoard();
  await polled(page, table(page, 'Quota use by principal').locator('tbody tr'));
  let letGo;
  const late = new Promise((resolve) => { letGo = resolve; });
  await page.route('**/manage/usage?**', async (route) => {
    const principal = new URL(route.request().url()).searchParams.get('principal');
    if (principal === 'asked-first') await late;
    await route.fulfill({ json: { principal, plan: 'p', policies: [{ name: 'n', unit: 'requests', window: 'day', limit: 1, used: 1 }] } });
  });
  const usage = table(page, 'Quota use by principal');
  for (const name of ['asked-first', 'asked-second']) {
    const request = page.waitForRequest((asked) => asked.url().includes(name));
    await page.getByLabel('Another principal').fill(name);
    await page.getByRole('button', { name: 'Show' }).click();
    await request;
  }
  await usage.getByText('asked-second').waitFor();
  const last = page.waitForResponse((answer) => answer.url().includes('asked-first'));
  letGo();
  await last;
  await page.clock.runFor(1_000);
  assert.match(await usage.textContent(), /asked-second/);
  assert.doesNotMatch(await usage.textContent(), /asked-first/);
});

await scenario('waits, scales and places in time are computed as they should be', async () => {
  const page = await open();
  const { waits, scales, ticks, filled } = await page.evaluate(async () => {
    const [{ delayMs }, { niceMax, ticksOf }, { places }] = await Promise.all(['poll', 'plots', 'traffic'].map((name) => import(`/console/${name}.js`)));
    const points = ['2026-01-01T11:45:00Z', '2026-01-01T11:45:10Z', '2026-01-01T11:59:50Z', '2026-01-01T12:00:00Z', '2026-01-01T12:00:10Z'].map((at) => ({ at }));
    const timeline = { seconds: 10, count: 90, points };
    return {
      waits: Array.from({ length: 60 }, (_, failures) => [failures, delayMs(5_000, failures, 0, 0), delayMs(5_000, failures, 0, 1), delayMs(5_000, failures, 90)]),
      scales: [0, 0.5, 1, 1.1, 2, 2.1, 5.5, 10, 11, 19, 21, 99, 101, 4_999, 5_001].map(niceMax),
      ticks: [1, 2, 5, 10, 50].map(ticksOf),
      filled: places(timeline, '2026-01-01T12:00:07Z').map((point) => point?.at ?? null),
    };
  });
  for (const [failures, least, most, asked] of waits) {
    const grown = Math.min(60_000, 5_000 * 2 ** failures);
    assert.deepEqual([Math.round(least), Math.round(most), asked], failures === 0 ? [5_000, 5_000, 90_000] : [grown * 0.8, Math.round(grown * 1.2), 90_000]);
  }
  assert.deepEqual(scales, [1, 1, 1, 2, 2, 5, 10, 10, 20, 20, 50, 100, 200, 5_000, 10_000]);
  assert.deepEqual(ticks, [[0, 1], [0, 1, 2], [0, 5], [0, 5, 10], [0, 25, 50]]);
  assert.equal(filled.length, 90);
  assert.deepEqual(filled.filter((at) => at !== null), ['2026-01-01T11:45:10Z', '2026-01-01T11:59:50Z', '2026-01-01T12:00:00Z']);
  assert.equal(filled[89], '2026-01-01T12:00:00Z');
});
