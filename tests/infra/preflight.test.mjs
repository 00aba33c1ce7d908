import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { daysLeft, withFakeAz } from './fake-az.mjs';
import { infra } from './support.mjs';

const script = path.join(infra, 'preflight.sh');
const settings = { FUNCAI_MODEL_SIGNING_KEY: 'key', FUNCAI_TOKEN_AUDIENCE: '99999999-0000-0000-0000-000000000001', FUNCAI_GATEWAY_AUDIENCE: '99999999-0000-0000-0000-000000000002' };
const host = address => ({ getent: `#!/bin/sh\n${address ? `echo "${address} name"` : 'exit 2'}\n` });

// A subscription in which everything is as it should be, after the first deployment. The first matching answer counts.
const GOOD = [
  ['^account show --query id', '00000000-1111-2222-3333-444444444444'],
  ['^account show --query user', 'operator@example'],
  ['^ad app show', '2'],
  ['^provider show', 'Registered'],
  ['^role assignment list .*storageAccounts', 'Storage Blob Data Owner'],
  ['^role assignment list', 'Contributor\nRole Based Access Control Administrator'],
  ['^functionapp list-flexconsumption-locations', 'northeurope\nwesteurope'],
  ['^group exists', 'true'],
  ['^resource list .*ApiManagement', 'apim-funcai-dev-x'],
  ['^resource list .*virtualNetworks', 'vnet-funcai-dev'],
  ['^resource list .*privateDnsZones', 'privatelink.blob.core.windows.net\nprivatelink.vaultcore.azure.net'],
  ['^resource list .*userAssignedIdentities', 'id-funcai-dev-app'],
  ['^resource list .*storageAccounts', 'sthostx'],
  ['^network vnet subnet show', 'Microsoft.App/environments'],
  ['^network private-dns link vnet list', '/subscriptions/x/virtualNetworks/vnet-funcai-dev'],
  ['^identity show', '12345678-0000-0000-0000-000000000000'],
  ['^resource list .*Microsoft.KeyVault/vaults', '/subscriptions/x/vaults/kv'],
  ['^rest .*/vaults/kv/secrets/', 'name'],
  ['^apim show', 'Disabled'],
];
const noSecret = name => [`^rest .*/vaults/kv/secrets/${name}\\?`, 'ERROR: Not Found({"error":{"code":"SecretNotFound"}})', 1];

function preflight(changes = [], args = ['dev'], env = settings, commands = host('10.40.0.132')) {
  const az = withFakeAz([...changes, ...GOOD], commands);
  try {
    return { ...az.run(script, args, env), asked: az.asked() };
  } finally {
    az.done();
  }
}

test('A good subscription passes every check', () => {
  const result = preflight([], ['dev', '--package']);
  assert.equal(result.code, 0, result.out);
  assert.doesNotMatch(result.out, /FAIL/);
  for (const check of ['login', 'provider Microsoft.App', 'role-rights', 'flex-region', 'first-deployment', 'subnet-delegation', 'dns-link privatelink.vaultcore.azure.net', 'identity-order', 'storage-reach']) assert.match(result.out, new RegExp(`^ok ${check}$`, 'm'));
});

test('Preflight only reads', () => {
  const { asked } = preflight([], ['dev', '--package']);
  assert.ok(asked.length > 20);
  for (const line of asked) assert.match(line, /^(account show|ad (app|sp) show|provider show|role assignment list|functionapp list|group exists|resource list|network .*(show|list)|identity show|rest --method get|apim show|keyvault list-deleted|apim deletedservice list)/);
});

const FAILURES = [
  ['login', [['^account show --query id', '', 1]], /nobody is logged in/],
  ['provider Microsoft.App', [['^provider show --namespace Microsoft.App', 'NotRegistered']], /az provider register --namespace Microsoft.App/],
  ['role-rights', [['^role assignment list .*/subscriptions/\\S+ --include', 'Contributor']], /cannot assign roles/],
  ['flex-region', [['^functionapp list-flex', 'northeurope']], /not offered in westeurope/],
  ['gateway-audience', [['^ad app show --id \\S+2 ', '', 3]], /az ad app create/],
  ['token-audience', [['^ad app show --id \\S+1 ', '']], /tokens of version 1/],
  ['token-audience', [['^ad sp show --id \\S+1 ', '', 3]], /no service principal in this tenant.* az ad sp create --id 99999999-0000-0000-0000-000000000001$/],
  ['first-deployment', [['^resource list .*ApiManagement', '']], /Deploy once with --first/],
  ['subnet-delegation', [['^network vnet subnet show', 'Microsoft.Web/serverFarms']], /needs Microsoft.App\/environments/],
  ['front-door', [['^resource list .*Microsoft.Cdn/profiles', 'afd-x']], /az afd profile delete .*--profile-name afd-x/],
];
// What the next deployment puts right must not keep it from running; a release waits for it.
const LATER = [
  ['dns-link privatelink.blob.core.windows.net', [['^network private-dns link .*blob', '/subscriptions/x/virtualNetworks/another']], /public addresses that are closed/],
  ['identity-order', [['^role assignment list .*storageAccounts', 'Reader']], /would start without its storage/],
];
for (const [check, changes] of LATER) {
  test(`A deployment that stopped half-way can be run again: ${check}`, () => {
    const result = preflight(changes);
    assert.equal(result.code, 0, result.out);
    assert.match(result.out, new RegExp(`^later ${check}: `, 'm'));
  });
}
for (const [check, changes, cause, args] of [...FAILURES, ...LATER.map(c => [...c, ['dev', '--package']])]) {
  test(`Preflight names the cause: ${check}`, () => {
    const result = preflight(changes, args);
    assert.equal(result.code, 1);
    const line = result.out.split('\n').find(l => l.startsWith(`FAIL ${check}:`));
    assert.ok(line, result.out);
    assert.match(line, cause);
    assert.equal(result.out.match(/^FAIL/gm).length, 1, result.out);
  });
}

test('Preflight names the cause: azure-cli', () => {
  const az = withFakeAz([]);
  fs.rmSync(path.join(az.folder, 'az'));
  const tools = fs.mkdtempSync(path.join(os.tmpdir(), 'tools-'));
  for (const tool of ['bash', 'dirname', 'sed', 'grep']) fs.symlinkSync(['/usr/bin', '/bin'].map(d => path.join(d, tool)).find(fs.existsSync), path.join(tools, tool));
  const result = az.run(script, ['dev'], { ...settings, PATH: tools });
  assert.equal(result.code, 1);
  assert.match(result.out, /^FAIL azure-cli: the Azure CLI is missing/m);
  fs.rmSync(tools, { recursive: true });
  az.done();
});

test('Preflight names the cause: secret-expiry', () => {
  const at = days => preflight([], ['dev'], settings, { ...host('10.40.0.132'), ...daysLeft(days) });
  assert.match(at(31).out, /^ok secret-expiry$/m);
  for (const days of [30, -1]) {
    const result = at(days);
    assert.equal(result.code, 1);
    assert.match(result.out, /^FAIL secret-expiry: .* Set a later date$/m);
  }
});

for (const [address, why] of [['20.60.1.2', 'a public address'], ['', 'nothing'], ['172.32.0.1', 'just outside the private range']]) {
  test(`Preflight names the cause: storage-reach, ${why}`, () => {
    const result = preflight([], ['dev', '--package'], settings, host(address));
    assert.equal(result.code, 1);
    assert.match(result.out, /FAIL storage-reach: .*not to its private endpoint/);
  });
}

test('A first deployment finds names that deleted things hold, and an existing gateway', () => {
  const fresh = [['^group exists', 'false']];
  assert.equal(preflight(fresh, ['dev', '--first']).code, 0);
  assert.match(preflight([...fresh, ['^keyvault list-deleted', 'kv-a-x']], ['dev', '--first']).out, /FAIL deleted-vaults: kv-a-x is deleted but held/);
  assert.match(preflight([...fresh, ['^apim deletedservice list', 'apim-funcai-dev-x']], ['dev', '--first']).out, /FAIL deleted-gateways/);
  assert.match(preflight([], ['dev', '--first']).out, /FAIL first-deployment: .*Leave --first out/);
});

test('A first deployment that stopped half-way is told, and can be brought to its end', () => {
  const halfway = [
    ['dev', [noSecret('apikey-pepper')], 'apikey-pepper'],
    ['dev', [['^resource list .*Microsoft.KeyVault/vaults', '']], 'apikey-pepper,audit-key,audit-payload-key,guard-data-key,caller-pseudonym-key,gateway-client'],
    ['test', [['^apim show', 'Enabled'], ['^network vnet subnet show', 'Microsoft.Web/serverFarms']], 'none'],
  ];
  for (const [environment, changes, missing] of halfway) {
    const again = preflight(changes, [environment]);
    assert.equal(again.code, 1, again.out);
    assert.match(again.out, new RegExp(`^FAIL first-deployment: .*\\(secrets not made: ${missing}\\)`, 'm'));
    const first = preflight(changes, [environment, '--first']);
    assert.match(first.out, /^ok first-deployment$/m, first.out);
    assert.equal(first.code, 0, first.out);
  }
});

test('Where nobody may look at the vaults, no secret is called missing', () => {
  for (const changes of [[['^rest .*/vaults/', 'ERROR: Forbidden', 1]], [['^resource list .*Microsoft.KeyVault/vaults', '', 1]]]) {
    const result = preflight(changes);
    assert.match(result.out, /^unknown first-deployment: /m);
    assert.equal(result.code, 0, result.out);
  }
});

test('Two deployments of one parameter file ask about their own resource groups', () => {
  const { asked } = preflight([], ['dev'], { ...settings, FUNCAI_WORKLOAD: 'other', FUNCAI_ENVIRONMENT: 'north' });
  const groups = asked.join('\n').match(/--resource-group \S+|--name rg-\S+/g);
  assert.ok(groups.length > 5);
  for (const group of groups) assert.match(group, /rg-other-north$/);
});

test('Missing settings are named', () => {
  const result = preflight([], ['dev'], {});
  assert.match(result.out, /FAIL model-signing-key/);
  assert.match(result.out, /FAIL token-audience/);
  assert.match(result.out, /FAIL gateway-audience/);
});

test('Names that a resource would not take, or that two deployments could share, are named before anything is made', () => {
  for (const env of [{ FUNCAI_WORKLOAD: 'my_app' }, { FUNCAI_WORKLOAD: 'a-b' }, { FUNCAI_WORKLOAD: 'App' }, { FUNCAI_WORKLOAD: 'a' }, { FUNCAI_WORKLOAD: '1app' }, { FUNCAI_WORKLOAD: 'elevenchars' }, { FUNCAI_ENVIRONMENT: 'd-1' }, { FUNCAI_ENVIRONMENT: 'ninechars' }]) {
    const result = preflight([], ['dev'], { ...settings, ...env });
    assert.equal(result.code, 1);
    assert.match(result.out, /^FAIL names: /m, JSON.stringify(env));
  }
  assert.match(preflight([], ['dev'], { ...settings, FUNCAI_WORKLOAD: 'tencharsxx', FUNCAI_ENVIRONMENT: 'eightcha' }).out, /^ok names$/m);
});

test('The premium plan needs another delegation', () => {
  const changes = [['^network vnet subnet show', 'Microsoft.Web/serverFarms'], ['^network private-dns link', '/virtualNetworks/vnet-funcai-dev']];
  assert.match(preflight(changes, ['test']).out, /^ok subnet-delegation$/m);
});

test('A pipeline whose login may not read the directory is told so, and not that its applications are missing', () => {
  const result = preflight([['^ad app show', 'Insufficient privileges to complete the operation.', 1]]);
  assert.equal(result.code, 0, result.out);
  for (const check of ['token-audience', 'gateway-audience']) assert.match(result.out, new RegExp(`^unknown ${check}: this login may not read applications`, 'm'));
});

test('Rights to assign roles are found without the directory', () => {
  const noNames = ['^role assignment list .*/subscriptions/\\S+ --include', ''];
  assert.match(preflight([noNames, ['^rest --method get .*/providers/Microsoft.Authorization/permissions', '1']]).out, /^ok role-rights$/m);
  assert.match(preflight([noNames, ['^rest --method get .*/providers/Microsoft.Authorization/permissions', '0']]).out, /^FAIL role-rights: /m);
  assert.match(preflight([noNames, ['^rest ', '', 1]]).out, /^FAIL role-rights: /m);
});

test('Wrong usage is told apart from failure', () => {
  for (const args of [[], ['nowhere'], ['dev', '--what']]) assert.equal(preflight([], args).code, 2);
});
