metadata description = 'Private endpoints of everything that the app depends on. The app\'s own and the gateway\'s follow when those exist.'

import { zoneIds } from '../types.bicep'

@description('Required. Region.')
param location string

@description('Required. Tags.')
param tags object

@description('Required. Subnet that holds the endpoints\' addresses.')
param subnetId string

@description('Required. DNS zones by service.')
param zones zoneIds

@description('Required. The Functions host\'s account.')
param hostStorageId string

@description('Required. The account with quotas and audit.')
param dataStorageId string

@description('Required. The vault with callers\' keys.')
param appVaultId string

@description('Required. The gateway\'s vault.')
param gatewayVaultId string

@description('Required. The private link scope of monitoring.')
param privateLinkScopeId string

var endpoints = [
  { name: 'pe-host-blob', target: hostStorageId, group: 'blob', zones: [zones.blob] }
  { name: 'pe-host-table', target: hostStorageId, group: 'table', zones: [zones.table] }
  { name: 'pe-host-queue', target: hostStorageId, group: 'queue', zones: [zones.queue] }
  { name: 'pe-host-file', target: hostStorageId, group: 'file', zones: [zones.file] }
  { name: 'pe-data-table', target: dataStorageId, group: 'table', zones: [zones.table] }
  { name: 'pe-app-vault', target: appVaultId, group: 'vault', zones: [zones.vault] }
  { name: 'pe-gateway-vault', target: gatewayVaultId, group: 'vault', zones: [zones.vault] }
  { name: 'pe-monitor', target: privateLinkScopeId, group: 'azuremonitor', zones: [zones.monitor, zones.oms, zones.ods, zones.agents, zones.blob] }
]

module each 'private-endpoint.bicep' = [for endpoint in endpoints: {
  params: {
    name: endpoint.name
    location: location
    tags: tags
    subnetId: subnetId
    targetId: endpoint.target
    groupId: endpoint.group
    zoneIds: endpoint.zones
  }
}]
