metadata description = 'Private DNS zones, linked to the network, so that service names resolve to private addresses.'

import { zoneIds } from '../types.bicep'

@description('Required. Identifier of the virtual network.')
param networkId string

@description('Required. Tags.')
param tags object

var storageSuffix = environment().suffixes.storage
var zoneNames = {
  blob: 'privatelink.blob.${storageSuffix}'
  table: 'privatelink.table.${storageSuffix}'
  queue: 'privatelink.queue.${storageSuffix}'
  file: 'privatelink.file.${storageSuffix}'
  vault: 'privatelink.vaultcore.azure.net'
  sites: 'privatelink.azurewebsites.net'
  gateway: 'privatelink.azure-api.net'
  monitor: 'privatelink.monitor.azure.com'
  oms: 'privatelink.oms.opinsights.azure.com'
  ods: 'privatelink.ods.opinsights.azure.com'
  agents: 'privatelink.agentsvc.azure-automation.net'
}

resource zones 'Microsoft.Network/privateDnsZones@2024-06-01' = [for zone in items(zoneNames): {
  name: zone.value
  location: 'global'
  tags: tags
}]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [for (zone, i) in items(zoneNames): {
  parent: zones[i]
  name: 'to-network'
  location: 'global'
  tags: tags
  properties: {
    registrationEnabled: false
    virtualNetwork: { id: networkId }
  }
}]

@description('Zone identifiers by service.')
output zones zoneIds = {
  blob: resourceId('Microsoft.Network/privateDnsZones', zoneNames.blob)
  table: resourceId('Microsoft.Network/privateDnsZones', zoneNames.table)
  queue: resourceId('Microsoft.Network/privateDnsZones', zoneNames.queue)
  file: resourceId('Microsoft.Network/privateDnsZones', zoneNames.file)
  vault: resourceId('Microsoft.Network/privateDnsZones', zoneNames.vault)
  sites: resourceId('Microsoft.Network/privateDnsZones', zoneNames.sites)
  gateway: resourceId('Microsoft.Network/privateDnsZones', zoneNames.gateway)
  monitor: resourceId('Microsoft.Network/privateDnsZones', zoneNames.monitor)
  oms: resourceId('Microsoft.Network/privateDnsZones', zoneNames.oms)
  ods: resourceId('Microsoft.Network/privateDnsZones', zoneNames.ods)
  agents: resourceId('Microsoft.Network/privateDnsZones', zoneNames.agents)
}
