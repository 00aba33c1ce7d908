import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { check } from './rules/check.mjs';
import { FACTS } from './rules/facts.mjs';
import { MUTATIONS } from './mutations.mjs';
import { bicepCheck, infra, noChecker, read, root } from './support.mjs';

test('The templates keep the project\'s own rules', () => assert.deepEqual(check(infra), []));

test('bicep-check finds no error and no warning for dev, test and prod', { skip: noChecker }, () => assert.deepEqual(bicepCheck(), []));

test('Every supported combination of plan, gateway and storage key is clean', { skip: noChecker }, () => {
  const plans = ["{ kind: 'flex', alwaysReadyInstances: 0, maximumInstances: 40, instanceMemoryMB: 2048, httpConcurrency: 16 }", "{ kind: 'premium', sku: 'EP3', minimumInstances: 2, maximumInstances: 20 }"];
  const gateways = ["{ sku: 'Developer', exposure: 'internal', units: 1 }", "{ sku: 'StandardV2', exposure: 'internal', units: 1 }", "{ sku: 'StandardV2', exposure: 'frontDoor', units: 10 }", "{ sku: 'PremiumV2', exposure: 'internal', units: 30 }"];
  const name = 'environments/dev.bicepparam';
  for (const plan of plans) {
    for (const gateway of gateways) {
      for (const key of ['true', 'false']) {
        const text = read(name).replace(/^param plan = .*$/m, `param plan = ${plan}`).replace(/^param gateway = .*$/m, `param gateway = ${gateway}`) + `param customerManagedKeys = ${key}\n`;
        assert.deepEqual(bicepCheck({ [name]: text }), [], `${plan} ${gateway} ${key}`);
      }
    }
  }
});

test('Each protective fact is missed when its line goes', () => {
  for (const [file, , text] of FACTS) {
    const before = read(file);
    const lines = before.split('\n');
    const damaged = lines.filter(line => !line.includes(text)).join('\n');
    assert.notEqual(damaged, before, `${file}: ${text}`);
    assert.ok(check(infra, { [file]: damaged }).length > 0, `${file}: nobody missed ${text}`);
  }
});

for (const [file, from, to, code] of MUTATIONS) {
  const name = `${file}: ${String(from).slice(0, 70).replace(/\n/g, ' ')} -> ${to.slice(0, 40).replace(/\n/g, ' ') || 'nothing'}`;
  const before = read(file);
  const after = before.replace(from, to);
  test(`Caught: ${name}`, { skip: code !== null && noChecker && check(infra, { [file]: after }).length === 0 ? noChecker : false }, () => {
    assert.notEqual(after, before, 'the mutation changes nothing');
    const own = check(infra, { [file]: after });
    if (code === null) return assert.ok(own.length > 0, 'no rule of the project speaks up');
    if (noChecker) return assert.ok(own.length > 0);
    const found = bicepCheck({ [file]: after });
    assert.ok(found.some(line => line.startsWith(code)), `expected ${code}, found:\n${found.join('\n')}`);
  });
}

test('Names of two deployments have nothing in common', () => {
  const body = /func namesFor\([^)]*\) resourceNames => \{([\s\S]*?)\n\}/.exec(read('types.bicep'))[1];
  const names = (workload, environmentName, token) => [...body.matchAll(/^ {2}(\w+): '(.*)'$/gm)].map(m => m[2].replace('${workload}', workload).replace('${environmentName}', environmentName).replace('${token}', token));
  const one = names('funcai', 'dev', 'abcdefghijklm'), two = names('funcai', 'test', 'nopqrstuvwxyz'), three = names('other', 'dev', 'zyxwvutsrqpon');
  assert.equal(one.length, 17);
  assert.equal(new Set([...one, ...two, ...three]).size, 51);
  assert.ok([...one, ...two].every(name => !name.includes('$')));
  assert.match(read('main.bicep'), /uniqueString\(subscription\(\)\.subscriptionId, workload, environmentName\)/);
  // The longest names that the parameters allow still fit.
  const long = Object.fromEntries([...body.matchAll(/^ {2}(\w+):/gm)].map((m, i) => [m[1], names('w'.repeat(10), 'e'.repeat(8), 't'.repeat(13))[i]]));
  for (const key of ['appVault', 'gatewayVault', 'hostStorage', 'dataStorage']) assert.ok(long[key].length <= 24, key);
  for (const key of ['gateway', 'frontDoor']) assert.ok(long[key].length <= 46, key);
  assert.ok(long.app.length <= 60);
});

test('Resources outside the name list are named within their resource group', () => {
  for (const file of fs.readdirSync(path.join(infra, 'modules'))) {
    for (const m of read(`modules/${file}`).matchAll(/^ {2}name: (.+)$/gm)) {
      assert.doesNotMatch(m[1], /utcNow|newGuid/, file);
    }
  }
  const main = read('main.bicep');
  assert.doesNotMatch(main, /^resource /m, 'main.bicep holds modules only');
});

test('Every parameter, output and type is described', () => {
  for (const file of ['main.bicep', ...fs.readdirSync(path.join(infra, 'modules')).map(f => `modules/${f}`), 'types.bicep']) {
    const lines = read(file).split('\n');
    lines.forEach((line, i) => {
      if (!/^(param|output|type|func) /.test(line)) return;
      let j = i - 1;
      while (/^(@|\s|\])/.test(lines[j]) && !lines[j].startsWith('@description')) j--;
      assert.match(lines[j], /^@description\('/, `${file}:${i + 1}`);
    });
  }
});

test('The operations that policies name exist in the interface document', () => {
  const ids = Object.values(JSON.parse(read('openapi.json')).paths).flatMap(p => Object.values(p)).map(o => o.operationId?.toLowerCase()).filter(Boolean);
  let named = 0;
  assert.equal(new Set(ids).size, ids.length);
  for (const file of ['one-credential', 'check-content']) {
    for (const m of read(`policies/fragments/${file}.xml`).matchAll(/new\[\] \{ ([^}]+) \}\.Contains\(context\.Operation\.Id, StringComparer\.OrdinalIgnoreCase\)/g)) {
      for (const id of m[1].split(',').map(s => s.trim().replace(/"/g, '').toLowerCase())) assert.ok(++named && ids.includes(id), `${file}: ${id}`);
    }
  }
  assert.equal(named, 5);
});

test('The documents table of reachable endpoints names every private endpoint of the output', () => {
  const names = [...read('main.bicep').matchAll(/^ {2}\{ name: '(\w+)', host:/gm)].map(m => m[1]);
  assert.ok(names.length >= 6);
  const docs = fs.readFileSync(path.join(root, 'docs/deploy.md'), 'utf8');
  for (const name of names) assert.match(docs, new RegExp(`\\| \`${name}\` \\|`), name);
});
