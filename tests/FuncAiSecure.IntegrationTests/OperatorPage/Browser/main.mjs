// Goes through the operator page in a headless Chromium, one group of scenarios after the other. Reads its input as JSON, writes
// {scenario: "ok" or what went wrong}.
import assert from 'node:assert/strict';
import { asked, browser, open, origin, results, scenario, violations } from './stage.mjs';

for (const group of ['sign-in', 'board', 'trouble', 'access']) await import(`./${group}.mjs`);

await scenario('nothing broke the content policy or left for another origin', async () => {
  assert.deepEqual(violations, []);
  assert.deepEqual(asked.map((request) => new URL(request.url()).origin).filter((place) => place !== origin), []);

  // The watch itself works: what the policy forbids is reported.
  const page = await open();
  await page.evaluate(() => document.head.append(Object.assign(document.createElement('style'), { textContent: 'p{}' })));
  const reported = () => violations.some((text) => text.includes('style-src'));
  for (let i = 0; i < 600 && !reported(); i++) await new Promise((resolve) => setTimeout(resolve, 100));
  assert.ok(reported(), violations.join());
});

await browser.close();
process.stdout.write(JSON.stringify(results));
