// Who can reach whom: explicit denies, private names, private endpoints, the door of the gateway.
import { braces } from './source.mjs';

const ENDPOINTS = [
  ['hostStorage', 'blob'], ['hostStorage', 'table'], ['hostStorage', 'queue'], ['hostStorage', 'file'], ['dataStorage', 'table'],
  ['appVault', 'vault'], ['gatewayVault', 'vault'], ['monitoring', 'azuremonitor'], ['service', 'Gateway'], ['appId', 'sites'],
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
  for (const name of ['gatewayRules', 'functionRules', 'endpointRules']) {
    const block = source.block('modules/network.bicep', `resource ${name}`);
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
      text.includes(`networkSecurityGroup: { id: ${rules}.id }`) ? '' : `subnet: ${subnet} is not behind ${rules}`,
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
  const text = source.code('main.bicep');
  const found = [...text.matchAll(/^module (\w+) 'modules\/private-endpoint\.bicep'.*\{$/gm)].map(m => braces(text, m.index + m[0].length - 1));
  return ENDPOINTS.filter(([target, group]) => !found.some(f => new RegExp(`targetId: ${target}\\b`).test(f) && f.includes(`groupId: '${group}'`) && /zoneIds: \[\s*dns\.outputs/.test(f)))
    .map(([target, group]) => `endpoint: ${target} has no private endpoint with names for ${group}`);
}

function gateway(source) {
  const out = [];
  const service = source.block('main.bicep', 'module service'), closed = source.block('main.bicep', 'module closedService');
  if (!/param publicNetworkAccess 'Enabled' \| 'Disabled' = 'Disabled'/.test(source.code('modules/apim.bicep'))) out.push('gateway: open by default');
  if (!service.includes("publicNetworkAccess: firstDeployment ? 'Enabled' : 'Disabled'")) out.push('gateway: open at more than the first deployment');
  if (!closed.includes("publicNetworkAccess: 'Disabled'")) out.push('gateway: stays open after the first deployment');
  if (!/module closedService .* = if \(firstDeployment && behindEndpoint\)/.test(source.code('main.bicep'))) out.push('gateway: stays open after the first deployment');
  for (const later of ['module api', 'module frontDoor']) if (!/dependsOn: \[closedService/.test(source.block('main.bicep', `${later}`))) out.push(`gateway: ${later} does not wait until the door is closed`);
  if (!/param firstDeployment bool = false/.test(source.code('main.bicep'))) out.push('gateway: every deployment counts as the first');
  if (!/internetEndpoints string\[\] = usesFrontDoor \? \[frontDoor!\.outputs\.hostName\] : \[\]/.test(source.code('main.bicep'))) out.push('gateway: the list of reachable endpoints is not what is deployed');
  if (!/module frontDoor .* = if \(usesFrontDoor\)/.test(source.code('main.bicep'))) out.push('gateway: Front Door is deployed although the exposure is internal');
  return out;
}
