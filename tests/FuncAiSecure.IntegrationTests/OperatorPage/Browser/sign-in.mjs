// Signing in and out, and where the key is meanwhile.
import assert from 'node:assert/strict';
import { asked, callerKey, dataRequests, open, openBoard, operatorKey, polled, scenario, shot, signIn } from './stage.mjs';

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

await scenario('a key that is revoked meanwhile ends the session', async () => {
  const page = await openBoard();
  await page.route('**/manage/statistics', (route) =>
    route.fulfill({ status: 401, contentType: 'application/problem+json', body: JSON.stringify({ type: 'urn:funcaisecure:problem:credential-invalid' }) }));
  await polled(page, page.getByRole('alert').getByText(/not accepted/));
  assert.equal(await page.locator('#board').isVisible(), false);
});
