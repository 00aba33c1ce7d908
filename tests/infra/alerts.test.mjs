import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { code, read, root } from './support.mjs';

const json = name => JSON.parse(fs.readFileSync(path.join(root, name), 'utf8'));
const alerts = json('infra-bicep/content/log-alerts.json');
const workbook = json('infra-bicep/content/workbook.json');
const queries = [...alerts.map(a => a.query), ...workbook.items.map(i => i.content.query ?? '')];
/** Events that the app logs at Information or above, by id. */
const events = new Set([...(code('src/FuncAiSecure') + code('src/FuncAiSecure.Core')).matchAll(/\[LoggerMessage\((\d+), LogLevel\.(?:Information|Warning|Error|Critical)/g)].map(m => Number(m[1])));

test('Alerts and workbook are whole', () => {
  assert.equal(new Set(alerts.map(a => a.name)).size, alerts.length);
  for (const alert of alerts) assert.match(alert.query, /^\w+ \| where /, alert.name);
  for (const wanted of ['integrity-failure', 'anomaly', 'audit-backlog']) assert.ok(alerts.some(a => a.name === wanted), wanted);
  for (const wanted of ["name: 'availability'", "name: 'latency'", "name: 'refusals'", 'vault-throttled']) assert.ok(read('modules/alerts.bicep').includes(wanted), wanted);
  assert.ok(workbook.items.filter(i => i.type === 3).every(i => i.content.query));
});

// Key Vault tells only of what was made after somebody subscribed, and only him.
test('Every secret, key and certificate of both vaults is made after the subscription that tells of its end', () => {
  const main = read('main.bicep'), notices = read('modules/expiry-notices.bicep');
  for (const kind of ['Secret', 'Key', 'Certificate']) for (const end of ['NearExpiry', 'Expired']) assert.ok(notices.includes(`'Microsoft.KeyVault.${kind}${end}'`), kind + end);
  assert.match(notices, /endpointType: 'MonitorAlert'/);
  const modules = main.split(/^(?=module )/m).filter(text => /modules\/(initial-secrets|encryption-key|front-door-id)\.bicep/.test(text));
  assert.equal(modules.length, 4);
  for (const text of modules) {
    const vault = /vaultName: (\w+)\.outputs\.name/.exec(text)[1];
    assert.match(main, new RegExp(`module ${vault} 'modules/keyvault\\.bicep' = {`));
  }
  // A module's outputs are there when everything in it is.
  assert.match(read('modules/keyvault.bicep'), /module notices 'expiry-notices\.bicep' = {\s+params: {[\s\S]{1,120}vaultId: vault\.id\n/);
});

// The Functions host drops what a worker logs outside an invocation, and of the rest the event's id. What the worker writes to its
// standard output the host passes on, line by line, under this category.
test('Queries over the app\'s log read the lines that the host passes on', () => {
  const own = queries.filter(query => query.startsWith('AppTraces'));
  assert.ok(own.length >= 4);
  const start = "AppTraces | where tostring(Properties.Category) == 'Host.Function.Console' and Message startswith '{' | extend Line = parse_json(Message) | extend Event = toint(Line.EventId) | where Event ";
  for (const query of own) assert.ok(query.startsWith(start), query);
  assert.doesNotMatch(own.join(), /Properties\.EventId|SeverityLevel/);
  assert.match(fs.readFileSync(path.join(root, 'src/FuncAiSecure/Program.cs'), 'utf8'), /WorkerLog\.AddLines\(builder\.Logging\)/);
});

test('Every event that a query looks for is one that the app logs', () => {
  const all = queries.join('\n');
  const lists = [...all.matchAll(/Event in \(([^)]*)\)/g)].flatMap(m => m[1].split(',').map(Number)), ranges = [...all.matchAll(/Event between \((\d+) \.\. (\d+)\)/g)];
  assert.ok(events.size >= 40 && lists.length >= 8 && ranges.length >= 2);
  for (const id of lists) assert.ok(events.has(id), id);
  for (const [range, low, high] of ranges) assert.ok([...events].some(id => id >= low && id <= high), range);
});

test('An event that an instance tells once is enough for its alert', () => {
  for (const id of [3001, 6014, 6015, 6017, 8020]) {
    const looking = alerts.filter(a => new RegExp(`\\(.*\\b${id}\\b.*\\)$`).test(a.query));
    assert.deepEqual(looking.map(a => a.threshold), [0], String(id));
  }
});

test('The question with which every client of a vault begins is no alarm', () => {
  // Without a token it is answered 401 with where to get one, and logged: once for each instance that starts.
  const query = alerts.find(a => a.name === 'vault-refusals').query;
  assert.match(query, /HttpStatusCode == 403$/);
  assert.doesNotMatch(query, /401/);
});

test('The alert about behaviour is not raised by the storage of profiles', () => {
  assert.match(alerts.find(a => a.name === 'anomaly').query, /Event in \(7001\)$/);
  assert.match(code('src/FuncAiSecure.Core'), /LoggerMessage\(7001, LogLevel\.Warning, "Signal \{Signal\}/);
});

test('Sampling leaves out no event that a query looks for, and the host\'s own lines about each request do not pay for it', () => {
  const { logging } = json('host.json');
  assert.ok(logging.applicationInsights.samplingSettings.excludedTypes.split(';').includes('Trace'));
  assert.equal(logging.logLevel.Function, 'Warning');
  assert.equal(logging.logLevel['Host.Results'] ?? logging.logLevel.default, 'Information');
  assert.equal(logging.logLevel['Host.Function.Console'] ?? logging.logLevel.default, 'Information');
});

test('A column of text is not compared with a number: such an alert never fires', () => {
  // By the reference of Azure Monitor's tables.
  for (const query of queries.filter(q => q.startsWith('StorageTableLogs'))) assert.doesNotMatch(query, /(?<!toint\()StatusCode *(==|!=|[<>]=?|in *\()/, query);
});
