metadata description = 'One private endpoint with its DNS records.'

@description('Required. Name of the endpoint.')
param name string

@description('Required. Region.')
param location string

@description('Required. Tags.')
param tags object

@description('Required. Subnet that holds the endpoint\'s address.')
param subnetId string

@description('Required. The service behind the endpoint.')
param targetId string

@description('Required. Which of the service\'s endpoints.')
param groupId string

@description('Required. Zones that get the address.')
param zoneIds string[]

resource endpoint 'Microsoft.Network/privateEndpoints@2025-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    subnet: { id: subnetId }
    customNetworkInterfaceName: '${name}-nic'
    privateLinkServiceConnections: [
      {
        name: name
        properties: {
          privateLinkServiceId: targetId
          groupIds: [groupId]
        }
      }
    ]
  }
}

resource records 'Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2025-05-01' = {
  parent: endpoint
  name: 'default'
  properties: {
    privateDnsZoneConfigs: [for (zone, i) in zoneIds: {
      name: 'zone-${i}'
      properties: { privateDnsZoneId: zone }
    }]
  }
}

@description('Identifier of the endpoint.')
output id string = endpoint.id
