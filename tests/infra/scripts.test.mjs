import assert from 'node:assert/strict';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { spawn, spawnSync } from 'node:child_process';
import test from 'node:test';
import { withFakeAz } from './fake-az.mjs';
import { infra, root } from './support.mjs';

/** A copy of the scripts, with some replaced, so that one can be tested alone. */
function copyOf(replaced) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'infra-'));
  fs.cpSync(infra, folder, { recursive: true });
  for (const [name, text] of Object.entries(replaced)) fs.writeFileSync(path.join(folder, name), `#!/usr/bin/env bash\n${text}\n`, { mode: 0o755 });
  return folder;
}

function deploy(args, preflight = 'exit 0', answers = [], env = {}, commands = {}) {
  const folder = copyOf({ 'preflight.sh': preflight });
  const az = withFakeAz(answers, commands);
  const scratch = path.join(az.folder, 'scratch');
  fs.mkdirSync(scratch);
  const run = az.run(path.join(folder, 'deploy.sh'), args, { FUNCAI_INITIAL_SECRETS: '{"left":"over"}', TMPDIR: scratch, ...env });
  const result = { ...run, asked: az.asked(), left: fs.readdirSync(scratch) };
  az.done();
  fs.rmSync(folder, { recursive: true });
  return result;
}

test('A failed preflight deploys nothing', () => {
  const result = deploy(['dev'], 'exit 1');
  assert.equal(result.code, 1);
  assert.deepEqual(result.asked, []);
  assert.match(result.out, /Nothing was deployed/);
});

test('A deployment of no environment is told how this script is used, and not another one', () => {
  for (const args of [[], ['--help'], ['nowhere', '--preview']]) {
    const result = deploy(args, 'echo looked');
    assert.equal(result.code, 2, result.out);
    assert.match(result.out, /usage: infra-bicep\/deploy\.sh .*--preview/);
    assert.doesNotMatch(result.out, /looked/);
  }
});

test('A later deployment sends no secret and opens no door', () => {
  const result = deploy(['prod']);
  assert.equal(result.code, 0, result.out);
  assert.deepEqual(result.asked.map(l => l.split(' ').slice(0, 3).join(' ')), ['deployment sub what-if', 'deployment sub create', 'deployment sub show']);
  assert.ok(result.asked.every(l => !l.includes('[')), result.asked.join('\n'));
});

test('The first deployment makes its secrets and leaves none behind', { skip: spawnSync('openssl', ['version']).status !== 0 && 'openssl is missing' }, () => {
  const result = deploy(['dev', '--first']);
  assert.equal(result.code, 0, result.out);
  const create = result.asked.find(l => l.startsWith('deployment sub create'));
  assert.match(create, /\[secrets: apikey-pepper,audit-key,audit-payload-key,guard-data-key,caller-pseudonym-key,gateway-client\] \[first\]$/);
  assert.deepEqual(result.left, [], 'a folder with keys was left behind');
  const names = /names: \['apikey-pepper', 'audit-key', 'audit-payload-key', 'guard-data-key'\][\s\S]*names: \['gateway-client', 'caller-pseudonym-key'\]/;
  assert.match(fs.readFileSync(path.join(infra, 'main.bicep'), 'utf8'), names);
});

test('The first deployment takes a resource group that is not there for an empty one', { skip: spawnSync('openssl', ['version']).status !== 0 && 'openssl is missing' }, () => {
  const result = deploy(['dev', '--first'], 'exit 0', [['^group exists', 'false'], ['^resource list', '', 3]]);
  assert.equal(result.code, 0, result.out);
  assert.match(result.asked.find(l => l.startsWith('deployment sub create')), /gateway-client\] \[first\]$/);
});

test('The gateway\'s certificate outlives the secret that it lies in, of whose end the operators are told', { skip: spawnSync('openssl', ['version']).status !== 0 && 'openssl is missing' }, () => {
  const openssl = spawnSync('which', ['openssl'], { encoding: 'utf8' }).stdout.trim();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'openssl-')), log = path.join(folder, 'log');
  const wrapped = { openssl: `#!/bin/sh\necho "$*" >> ${log}\nexec ${openssl} "$@"\n` };
  assert.equal(deploy(['prod', '--first'], 'exit 0', [], {}, wrapped).code, 0);
  const days = Number(/-days (\d+)/.exec(fs.readFileSync(log, 'utf8'))[1]);
  assert.ok(days > 365 + 29, `${days} days`);
  fs.rmSync(folder, { recursive: true });
});

test('A first deployment that is run again makes only what is missing and opens no door that is closed', { skip: spawnSync('openssl', ['version']).status !== 0 && 'openssl is missing' }, () => {
  const there = [
    ['^group exists', 'true'], ['^resource list .*ApiManagement', 'apim-x'], ['^resource list .*KeyVault', '/vaults/kv'], ['^apim show', 'Disabled'],
    ['^rest .*/secrets/(audit-key|gateway-client)\\?', 'ERROR: SecretNotFound', 1], ['^rest ', 'name'],
  ];
  const create = (answers, environment = 'test') => deploy([environment, '--first'], 'exit 0', answers).asked.find(l => l.startsWith('deployment sub create'));
  assert.match(create(there), /\[secrets: audit-key,gateway-client\]$/);
  assert.match(create([['^apim show', 'Enabled'], ...there]), /\[secrets: audit-key,gateway-client\] \[first\]$/);
  assert.match(create([['^apim show', 'Enabled'], ...there], 'dev'), /gateway-client\]$/, 'this tier has no door');
  const blind = deploy(['test', '--first'], 'exit 0', [['^rest ', 'ERROR: Forbidden', 1], ...there]);
  assert.notEqual(blind.code, 0);
  assert.ok(blind.asked.every(l => !l.startsWith('deployment')), blind.asked.join('\n'));
});

test('Two deployments of one parameter file have names of their own in the subscription', () => {
  const names = env => deploy(['prod'], 'exit 0', [], env).asked.map(l => /--name (\S+)/.exec(l)[1]);
  assert.deepEqual(new Set(names({})), new Set(['funcai-prod']));
  assert.deepEqual(new Set(names({ FUNCAI_ENVIRONMENT: 'north' })), new Set(['funcai-north']));
  assert.deepEqual(new Set(names({ FUNCAI_WORKLOAD: 'other' })), new Set(['other-prod']));
});

test('What a pipeline leaves empty has the default of the parameter file', () => {
  const az = '#!/bin/sh\necho "$* [${FUNCAI_LOCATION-none} ${FUNCAI_ALERT_EMAIL-none} ${FUNCAI_WORKLOAD-none}]" >>"$FAKE_AZ_LOG"\n';
  const { asked } = deploy(['prod'], 'exit 0', [], { FUNCAI_LOCATION: '', FUNCAI_ALERT_EMAIL: '', FUNCAI_WORKLOAD: 'other' }, { az });
  assert.equal(asked.length, 3);
  for (const line of asked) assert.match(line, /--name other-prod .*\[none none other\]$/);
  assert.match(asked[0], /--location westeurope /);
});

test('A preview deploys nothing', () => {
  const result = deploy(['dev', '--preview']);
  assert.equal(result.code, 0);
  assert.deepEqual(result.asked.map(l => l.split(' ')[2]), ['what-if']);
});

test('A failed deployment fails', () => assert.notEqual(deploy(['dev'], 'exit 0', [['^deployment sub create', '', 1]]).code, 0));

function release(environment, smoke, isThere, changes = [], env = {}) {
  const folder = copyOf({ 'smoke.sh': smoke });
  const az = withFakeAz([
    ...changes,
    ['outputs.resourceGroupName', 'rg'], ['outputs.appName', 'app'], ['^resource list', 'sthostx'],
    ['^storage blob exists', isThere ? 'true' : 'false'],
  ]);
  const file = path.join(az.folder, 'new.zip');
  fs.writeFileSync(file, 'package');
  const result = { ...az.run(path.join(folder, 'release.sh'), [environment, file], { MARK: path.join(az.folder, 'mark'), ...env }), asked: az.asked() };
  az.done();
  fs.rmSync(folder, { recursive: true });
  return result;
}
const failsOnce = '[ -f "$MARK" ] || { touch "$MARK"; exit 1; }';
const puts = asked => asked.filter(l => /config-zip|blob upload/.test(l));

test('A good package is promoted', () => {
  const result = release('dev', 'exit 0', true);
  assert.equal(result.code, 0, result.out);
  assert.equal(puts(result.asked).length, 1);
  assert.match(puts(result.asked)[0], /config-zip .*new\.zip/);
});

test('A release that may not look at the resources says so', () => {
  const result = release('dev', 'exit 0', true, [['^resource list', '', 1]]);
  assert.equal(result.code, 1);
  assert.match(result.out, /the resources of rg/);
  assert.deepEqual(puts(result.asked), []);
});

test('A package goes to the deployment that the settings name', () => {
  const { asked } = release('prod', 'exit 0', true, [], { FUNCAI_ENVIRONMENT: 'north' });
  const shown = asked.filter(l => l.startsWith('deployment sub show'));
  assert.equal(shown.length, 2);
  for (const line of shown) assert.match(line, /--name funcai-north /);
});

test('A bad package is rolled back to the previous one and the release fails', () => {
  for (const [environment, way] of [['dev', /config-zip .*previous\.zip/], ['test', /blob upload .*previous\.zip/]]) {
    const result = release(environment, failsOnce, true);
    assert.equal(result.code, 1);
    assert.match(result.out, /Rolled back/);
    assert.equal(puts(result.asked).length, 2);
    assert.match(puts(result.asked)[1], way);
    assert.ok(result.asked.findIndex(l => l.startsWith('storage blob download')) < result.asked.indexOf(puts(result.asked)[0]), 'the previous package is saved first');
  }
});

test('A package that cannot be put in place whole is taken back', () => {
  for (const [environment, fault] of [['dev', 'config-zip .*new\\.zip'], ['test', '^functionapp restart'], ['test', 'blob upload .*new\\.zip']]) {
    const result = release(environment, 'exit 0', true, [[fault, '', 1]]);
    assert.equal(result.code, 1, result.out);
    assert.doesNotMatch(result.out, /Promoted/);
    assert.match(puts(result.asked).at(-1), /previous\.zip/, fault);
    if (fault.startsWith('blob')) assert.ok(!result.asked.slice(0, result.asked.findIndex(l => /previous\.zip.* --overwrite/.test(l))).some(l => l.startsWith('functionapp restart')), 'no restart into a package that is not there');
  }
});

test('A failed roll-back is not hidden', () => assert.match(release('dev', 'exit 1', true).out, /ROLLBACK FAILED/));
test('A first package that fails has nothing to go back to', () => assert.match(release('dev', 'exit 1', false).out, /nothing to go back to/));

/** A server that behaves like a good deployment, but for what the test changes. */
async function smoke(changes = {}, env = { SMOKE_API_KEY: 'good-key' }) {
  const server = http.createServer((request, response) => {
    const has = request.headers['ocp-apim-subscription-key'] === 'subscription';
    const good = request.headers['x-api-key'] === 'good-key' || request.headers.authorization === 'Bearer good-token';
    const rule = Object.entries(changes).find(([key]) => request.url.startsWith(key));
    let status = !has ? 401 : request.url === '/v2/health/ready' ? 200 : !good ? 401 : request.url === '/v1/models' ? 200 : request.url === '/v1/classify' ? 422 : 404;
    if (rule) status = rule[1](status, request);
    response.writeHead(status).end('{}');
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  const child = spawn('bash', [path.join(infra, 'smoke.sh')], { env: { PATH: process.env.PATH, SMOKE_URL: `http://127.0.0.1:${server.address().port}`, SMOKE_SUBSCRIPTION_KEY: 'subscription', SMOKE_TRIES: '1', SMOKE_WAIT: '0', ...env } });
  let out = '';
  child.stdout.on('data', d => { out += d; });
  child.stderr.on('data', d => { out += d; });
  const code = await new Promise(resolve => child.on('close', resolve));
  server.close();
  return { code, out };
}

test('The smoke test passes on a good deployment, with a key or a token, and prints neither', async () => {
  for (const env of [{ SMOKE_API_KEY: 'good-key' }, { SMOKE_TOKEN: 'good-token' }]) {
    const result = await smoke({}, env);
    assert.equal(result.code, 0, result.out);
    assert.doesNotMatch(result.out, /good-key|good-token|subscription$/m);
  }
});

for (const [name, changes] of [
  ['does not get ready', { '/v2/health/ready': () => 503 }],
  ['serves nobody', { '/v1/models': () => 500 }],
  ['lets callers without a subscription in', { '/v1/models': (s, r) => (r.headers['x-api-key'] === 'good-key' ? 200 : s) }],
  ['lets callers without a credential in', { '/v1/models': (s, r) => (r.headers['ocp-apim-subscription-key'] && !r.headers['x-api-key'] ? 200 : s) }],
  ['lets forged keys in', { '/v1/models': (s, r) => (/^fais_/.test(r.headers['x-api-key'] ?? '') ? 200 : s) }],
  ['takes any body', { '/v1/classify': () => 200 }],
  ['answers unknown routes', { '/no/such': () => 200 }],
]) test(`The smoke test fails on a deployment that ${name}`, async () => assert.equal((await smoke(changes)).code, 1));

test('Scripts pass shellcheck', () => {
  const files = ['eng', 'infra-bicep'].flatMap(folder => fs.readdirSync(path.join(root, folder), { recursive: true })
    .filter(f => f.endsWith('.sh') && !f.includes('node_modules')).map(f => path.join(folder, f)));
  const result = spawnSync('shellcheck', ['-x', '.ci/run', ...files], { encoding: 'utf8', cwd: root });
  assert.equal(result.status, 0, result.error?.message ?? result.stdout);
});
