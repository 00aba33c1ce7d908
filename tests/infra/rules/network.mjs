// Who can reach whom: explicit denies, private names, private endpoints, the door of the gateway.
import { braces } from './source.mjs';

const ENDPOINTS = [
  ['hostStorageId', 'blob'], ['hostStorageId', 'table'], ['hostStorageId', 'queue'], ['hostStorageId', 'file'], ['dataStorageId', 'table'],
  ['appVaultId', 'vault'], ['gatewayVaultId', 'vault'], ['privateLinkScopeId', 'azuremonitor'],
];
const ZONES = {
  blob: 'privatelink.blob.${storageSuffix}', table: 'privatelink.table.${storageSuffix}', queue: 'privatelink.queue.${storageSuffix}', file: 'privatelink.file.${storageSuffix}',
  vault: 'privatelink.vaultcore.azure.net', sites: 'privatelink.azurewebsites.net', gateway: 'privatelink.azure-api.net', monitor: 'privatelink.monitor.azure.com',
  oms: 'privatelink.oms.opinsights.azure.com', ods: 'privatelink.ods.opinsights.azure.com', agents: 'privatelink.agentsvc.azure-automation.net',
};

export function network(source) {
  return [...securityRules(source), ...subnets(source), ...zones(source), ...endpoints(source), ...gateway(source)];
}

function securityRules(source) {
  const out = [];
  for (const name of ['gateway', 'functions', 'endpoints']) {
    const block = source.block(`modules/nsg-${name}.bicep`, 'resource rules');
    const rules = [...block.matchAll(/name: '(\w+)'\s+properties: \{/g)].map(m => ({ name: m[1], text: braces(block, m.index + m[0].length - 1) }));
    const value = (rule, key) => new RegExp(`\\b${key}: (.+)`).exec(rule.text)?.[1].trim() ?? '';
    for (const direction of ['Inbound', 'Outbound']) {
      const deny = rules.find(r => value(r, 'direction') === `'${direction}'` && value(r, 'access') === "'Deny'");
      const all = deny && ['protocol', 'sourceAddressPrefix', 'sourcePortRange', 'destinationAddressPrefix', 'destinationPortRange'].every(k => value(deny, k) === "'*'");
      if (!all || value(deny, 'priority') !== '4096') out.push(`nsg: ${name} does not end in a deny of everything ${direction}`);
    }
    for (const rule of rules.filter(r => value(r, 'access') === "'Allow'")) {
      const source = value(rule, 'sourceAddressPrefix') + value(rule, 'sourceAddressPrefixes');
      const ports = value(rule, 'destinationPortRange') + value(rule, 'destinationPortRanges');
      if (/\*|Internet|0\.0\.0\.0|::\/0|VirtualNetwork/.test(source)) out.push(`nsg: ${name}.${rule.name} lets too many in: ${source}`);
      if (/\*|-/.test(ports) || !ports) out.push(`nsg: ${name}.${rule.name} opens too many ports: ${ports}`);
      if (/\*|Internet|VirtualNetwork|AzureCloud/.test(value(rule, 'destinationAddressPrefix') + value(rule, 'destinationAddressPrefixes'))) out.push(`nsg: ${name}.${rule.name} lets too much out`);
    }
  }
  return out;
}

function subnets(source) {
  const block = source.block('modules/network.bicep', 'resource vnet');
  return [['snet-gateway', 'gatewayRules'], ['snet-functions', 'functionRules'], ['snet-endpoints', 'endpointRules']].flatMap(([subnet, rules]) => {
    const at = block.indexOf(`name: '${subnet}'\n        properties`);
    const text = at < 0 ? '' : braces(block, block.indexOf('{', at));
    return [
      text.includes(`networkSecurityGroup: { id: ${rules}.outputs.id }`) ? '' : `subnet: ${subnet} is not behind ${rules}`,
      text.includes('defaultOutboundAccess: false') ? '' : `subnet: ${subnet} has a way out of its own`,
    ].filter(Boolean);
  });
}

function zones(source) {
  const text = source.code('modules/dns.bicep');
  const names = braces(text, text.indexOf('{', text.indexOf('var zoneNames')));
  const out = Object.entries(ZONES).filter(([zone, name]) => !names.includes(`  ${zone}: '${name}'`)).map(([zone]) => `dns: no zone for ${zone}`);
  const links = source.block('modules/dns.bicep', 'resource links');
  if (!/resource links .* = \[for \(zone, i\) in items\(zoneNames\): \{/.test(text) || !links.includes('parent: zones[i]') || !links.includes('virtualNetwork: { id: networkId }')) out.push('dns: a zone is not linked to the network');
  if (!links.includes('registrationEnabled: false')) out.push('dns: machines register themselves');
  return out;
}

function endpoints(source) {
  const list = source.code('modules/private-endpoints.bicep');
  const out = ENDPOINTS.filter(([target, group]) => !new RegExp(`target: ${target}, group: '${group}', zones: \\[zones\\.${group === 'azuremonitor' ? 'monitor, zones.oms, zones.ods, zones.agents, zones.blob' : group}\\]`).test(list))
    .map(([target, group]) => `endpoint: ${target} has no private endpoint with names for ${group}`);
  if (!list.includes("module each 'private-endpoint.bicep' = [for endpoint in endpoints: {")) out.push('endpoint: the list is not deployed');
  if (!/targetId: appId, groupId: 'sites', zoneIds: \[zoneId\]/.test(source.block('modules/functionapp.bicep', 'module endpoint')) || !/zoneId: dns\.outputs\.zones\.sites/.test(source.block('main.bicep', 'module app'))) out.push('endpoint: the app has none');
  if (!/targetId: service\.outputs\.id, groupId: 'Gateway', zoneIds: \[zoneId\]/.test(source.block('modules/gateway.bicep', 'module endpoint'))) out.push('endpoint: the gateway has none');
  if (!source.code('modules/gateway.bicep').includes("module endpoint 'private-endpoint.bicep' = if (behindEndpoint)")) out.push('endpoint: the gateway has none');
  if (!source.block('main.bicep', 'module app').includes('dependsOn: [roles, appSecrets, endpoints]')) out.push('endpoint: the app starts before its roles and names');
  return out;
}

function gateway(source) {
  const out = [];
  const module = 'modules/gateway.bicep', text = source.code(module), main = source.code('main.bicep');
  if (!/param publicNetworkAccess 'Enabled' \| 'Disabled' = 'Disabled'/.test(source.code('modules/apim.bicep'))) out.push('gateway: open by default');
  if (!source.block(module, 'module service').includes("publicNetworkAccess: firstDeployment ? 'Enabled' : 'Disabled'")) out.push('gateway: open at more than the first deployment');
  if (!source.block(module, 'module closed').includes("publicNetworkAccess: 'Disabled'")) out.push('gateway: stays open after the first deployment');
  if (!/module closed 'apim\.bicep' = if \(firstDeployment && behindEndpoint\)/.test(text)) out.push('gateway: stays open after the first deployment');
  if (!/var behindEndpoint = gateway\.sku == 'StandardV2'/.test(text)) out.push('gateway: another tier than Standard v2 is taken for closed');
  if ((main.match(/'modules\/(apim|gateway)\.bicep'/g) ?? []).join() !== "'modules/gateway.bicep'") out.push('gateway: deployed past the module that closes it');
  for (const later of ['api', 'frontDoor']) if (!/service\.outputs\./.test(source.block('main.bicep', `module ${later}`))) out.push(`gateway: ${later} does not wait until the door is closed`);
  if (!/param firstDeployment bool = false/.test(main)) out.push('gateway: every deployment counts as the first');
  if (!/internetEndpoints string\[\] = usesFrontDoor \? \[frontDoor!\.outputs\.hostName\] : \[\]/.test(main)) out.push('gateway: the list of reachable endpoints is not what is deployed');
  if (!/module frontDoor .* = if \(usesFrontDoor\)/.test(main)) out.push('gateway: Front Door is deployed although the exposure is internal');
  return out;
}
