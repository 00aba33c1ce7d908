// Who may do what; what holds a secret; what a second deployment would change.
const ALLOWED = [
  ['identity.outputs.appPrincipalId', "keysThroughApi ? 'Key Vault Secrets Officer' : 'Key Vault Secrets User'", 'appVault'],
  ['identity.outputs.appPrincipalId', "'Storage Blob Data Owner'", 'hostStorage'],
  ['identity.outputs.appPrincipalId', "'Storage Queue Data Contributor'", 'hostStorage'],
  ['identity.outputs.appPrincipalId', "'Storage Table Data Contributor'", 'dataStorage'],
  ['identity.outputs.appPrincipalId', "'Monitoring Metrics Publisher'", 'insights'],
  ['service.outputs.principalId', "'Key Vault Secrets User'", 'gatewayVault'],
  ['service.outputs.principalId', "'Monitoring Metrics Publisher'", 'insights'],
  ['pipelinePrincipalId', "'Storage Blob Data Contributor'", 'packageContainer'],
].map(a => a.join(' | '));

const ROLE_IDS = {
  'Key Vault Secrets User': '4633458b-17de-408a-b874-0445c86b69e6', 'Key Vault Secrets Officer': 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7',
  'Storage Blob Data Owner': 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b', 'Storage Blob Data Contributor': 'ba92f5b4-2d11-453d-a403-e96b0029c9fe',
  'Storage Queue Data Contributor': '974c5e8b-45b9-4653-ba55-5f855dd0fb88', 'Storage Table Data Contributor': '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3',
  'Monitoring Metrics Publisher': '3913510d-42f4-4e42-8a64-420c390055eb',
};

export function identity(source) {
  return [...roles(source), ...secrets(source), ...diagnostics(source), ...repeatable(source)];
}

function roles(source) {
  const found = [...source.code('main.bicep').matchAll(/\{ principalId: (\S+), role: (.+?), on: '(\w+)' \}/g)].map(m => m.slice(1, 4).join(' | '));
  const out = [...found.filter(a => !ALLOWED.includes(a)).map(a => `role: not on the list: ${a}`), ...ALLOWED.filter(a => !found.includes(a)).map(a => `role: missing: ${a}`)];
  const text = source.code('modules/role-assignments.bicep');
  const ids = [...text.matchAll(/^ {2}'([\w ]+)': '([0-9a-f-]{36})'$/gm)];
  if (ids.length !== Object.keys(ROLE_IDS).length) out.push('role: the list of roles changed');
  for (const [, name, id] of ids) if (ROLE_IDS[name] !== id) out.push(`role: ${name} has the id of another role`);
  for (const m of text.matchAll(/resource (\w+) 'Microsoft\.Authorization\/roleAssignments/g)) {
    const block = source.block('modules/role-assignments.bicep', `resource ${m[1]}`);
    if (!/scope: (appVault|gatewayVault|hostStorage|hostStorage::blobs::package|dataStorage|insights)\n/.test(block)) out.push(`role: ${m[1]} holds for more than one resource`);
    if (!block.includes("principalType: 'ServicePrincipal'")) out.push(`role: ${m[1]} could be a person`);
  }
  for (const wide of ['Owner', 'Contributor', 'User Access Administrator', 'Key Vault Administrator']) if (text.includes(`'${wide}'`)) out.push(`role: ${wide} is wider than any part needs`);
  return out;
}

function secrets(source) {
  const out = [];
  for (const file of source.files('.bicep')) {
    const text = source.code(file);
    if (/\blist(Keys|Secrets|AccountSas|Credentials)\b|\.list[A-Z]\w*\(|InstrumentationKey|AccountKey=|SharedAccessKey/.test(text)) out.push(`secret: ${file} reads or writes a key`);
    for (const o of text.matchAll(/^output (\w+) .*$/gm)) if (/connectionstring|password|instrumentation|(access|primary|secondary|account)key/i.test(o[0])) out.push(`secret: output ${o[1]} of ${file}`);
    for (const p of text.matchAll(/^param (\w*([sS]ecrets?|[pP]assword|[kK]ey)) .*$/gm)) if (!/@secure\(\)\s*$/.test(text.slice(0, p.index)) && !['modelSigningKey', 'customerKey'].includes(p[1])) out.push(`secret: parameter ${p[1]} of ${file} is not secure`);
  }
  for (const [file, name] of [['main.bicep', 'initialSecrets'], ['modules/initial-secrets.bicep', 'values']]) if (!new RegExp(`@secure\\(\\)\\s+param ${name} object`).test(source.code(file))) out.push(`secret: ${name} of ${file} is not secure`);
  for (const file of source.files('.bicepparam')) {
    const text = source.code(file);
    if (!text.includes("param initialSecrets = json(readEnvironmentVariable('FUNCAI_INITIAL_SECRETS', '{}'))")) out.push(`secret: ${file} holds secrets`);
    if (!text.includes("param firstDeployment = bool(readEnvironmentVariable('FUNCAI_FIRST_DEPLOYMENT', 'false'))")) out.push(`secret: ${file} opens the gateway`);
  }
  return out;
}

function diagnostics(source) {
  const needs = { 'modules/keyvault.bicep': ['vault'], 'modules/storage.bicep': ['account', 'blobs', 'tables'], 'modules/functionapp-flex.bicep': ['app'], 'modules/functionapp-premium.bicep': ['app'], 'modules/apim.bicep': ['service'], 'modules/network.bicep': ['vnet'], 'modules/nsg-gateway.bicep': ['rules'], 'modules/nsg-functions.bicep': ['rules'], 'modules/nsg-endpoints.bicep': ['rules'], 'modules/monitoring.bicep': ['workspace'], 'modules/frontdoor.bicep': ['profile'] };
  return Object.entries(needs).flatMap(([file, names]) => names.filter(name => !new RegExp(`diagnosticSettings@[\\s\\S]{0,80}scope: ${name}\\n`).test(source.code(file))).map(name => `diagnostics: ${file} ${name} sends no logs`));
}

function repeatable(source) {
  return [...source.files('.bicep'), ...source.files('.bicepparam')].filter(file => /\b(utcNow|newGuid|dateTimeAdd|deployment)\(/.test(source.code(file))).map(file => `repeat: ${file} changes with every deployment`);
}
