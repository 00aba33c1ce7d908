import assert from 'node:assert/strict';
import test from 'node:test';
import { code, read } from './support.mjs';

const sources = code('src', 'Options.cs');

/** Option classes of the app: name, section if it is bound to one, settable properties by name with their type. */
const classes = [...sources.matchAll(/public sealed class (\w+)\s*\{([\s\S]*?)^\}/gm)].map(([, name, body]) => ({
  name,
  section: /const string SectionName = "([^"]+)"/.exec(body)?.[1],
  properties: new Map([...body.matchAll(/public ([\w<>[\]?, ]+) (\w+) \{ get;/g)].map(([, type, property]) => [property, type])),
}));

/** Whether a path such as Issuers__0__Name exists below an option class. */
function exists(options, [property, ...rest]) {
  const type = options?.properties.get(property);
  if (type === undefined) return false;
  const element = /^(\w+)\[\]$/.exec(type)?.[1] ?? /^I(?:List|Dictionary)<(?:\w+, )?(\w+)>$/.exec(type)?.[1];
  if (rest.length === 0) return element === undefined;
  if (element === undefined) return false;
  return rest.length === 1 ? element === 'string' : exists(classes.find(c => c.name === element), rest.slice(1));
}

test('Every deployed setting of the app is a property of an option class', () => {
  assert.ok(classes.filter(c => c.section).length >= 10, 'the option classes were not found');
  const own = JSON.parse(read('app-settings.json')).settings.map(s => s.name).filter(name => name.startsWith('FuncAiSecure__'));
  assert.ok(own.length >= 15);
  for (const name of own) {
    const [, section, ...rest] = name.split('__');
    assert.ok(exists(classes.find(c => c.section === `FuncAiSecure:${section}`), rest), name);
  }
});

test('A setting that no option class has would be noticed', () => {
  const models = classes.find(c => c.section === 'FuncAiSecure:Models'), tokens = classes.find(c => c.section === 'FuncAiSecure:Tokens');
  assert.ok(exists(models, ['Directory']) && exists(models, ['PublicKeys', '0']) && exists(tokens, ['Issuers', '0', 'Audiences', '0']));
  for (const [options, ...wrong] of [[models, 'Path'], [models, 'PublicKeys'], [models, 'Directory', '0'], [tokens, 'Issuers', '0', 'Audience'], [undefined, 'Any']]) assert.ok(!exists(options, wrong), wrong.join('__'));
});

test('The first secrets have the names that the app reads', () => {
  const names = /vaultName: appVault\.outputs\.name, names: \[([^\]]+)\]/.exec(read('main.bicep'))[1].split(',').map(s => s.trim().replace(/'/g, ''));
  const all = code('src/FuncAiSecure.Core');
  for (const name of names) assert.match(all, new RegExp(`SecretName.*"${name}"`), name);
});

test('The gateway offers plans that the app has, and stands further out than they', () => {
  const number = text => Number(text.replaceAll('_', ''));
  const own = new Map([...code('src/FuncAiSecure.Core/Quotas/Plans').matchAll(/\["(\w+)"\] = Plan\(.*minute: ([\d_]+), day: ([\d_]+)/g)].map(m => [m[1], { minute: number(m[2]), day: number(m[3]) }]));
  assert.deepEqual([...own.keys()].sort(), ['operator', 'standard']);
  assert.ok(!read('app-settings.json').includes('FuncAiSecure__Quotas__'), 'plans that the deployment brings hold in place of these');
  const perCaller = Number(/param callerCallsPerMinute int = (\d+)/.exec(read('main.bicep'))[1]);
  for (const environment of ['dev', 'test', 'prod']) {
    const offered = [...read(`environments/${environment}.bicepparam`).matchAll(/\{ name: '([\w-]+)', displayName: .*callsPerMinute: (\d+), callsPerMonth: (\d+) \}/g)];
    assert.ok(offered.length > 0);
    for (const [, name, minute, month] of offered) {
      assert.ok(own.has(name), `${environment}: the app has no plan ${name}`);
      assert.ok(Number(minute) > own.get(name).minute && perCaller > own.get(name).minute, `${environment}: ${name}, calls a minute`);
      assert.ok(Number(month) > 30 * own.get(name).day, `${environment}: ${name}, calls a month`);
    }
  }
});

test('No answer of the app counts as its absence at the gateway: a caller could close it to everybody', () => {
  const statuses = [...code('src/FuncAiSecure/Http').matchAll(/RefusalCode\.\w+ => new\((\d+), "/g)].map(m => Number(m[1]));
  assert.ok(statuses.includes(504) && statuses.includes(500));
  const ranges = [.../statusCodeRanges: \[(.*)\]/.exec(read('modules/apim-api.bicep'))[1].matchAll(/min: (\d+), max: (\d+)/g)].map(m => m.slice(1).map(Number));
  assert.ok(ranges.length > 0);
  for (const status of statuses) assert.ok(!ranges.some(([min, max]) => status >= min && status <= max), String(status));
});
