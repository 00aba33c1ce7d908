metadata description = 'Name of an injected gateway inside the network: one zone for its host name alone, so that no other gateway\'s name is hidden.'

@description('Required. Host name of the gateway.')
param hostName string

@description('Required. Private addresses of the gateway.')
param addresses array

@description('Required. Identifier of the network.')
param networkId string

@description('Required. Tags.')
param tags object

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: hostName
  location: 'global'
  tags: tags
}

resource link 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = {
  parent: zone
  name: 'to-network'
  location: 'global'
  tags: tags
  properties: {
    registrationEnabled: false
    virtualNetwork: { id: networkId }
  }
}

resource record 'Microsoft.Network/privateDnsZones/A@2024-06-01' = {
  parent: zone
  name: '@'
  properties: {
    ttl: 300
    aRecords: [for address in addresses: { ipv4Address: string(address) }]
  }
}
