metadata description = 'API Management with its way in: a private endpoint (Standard v2) or a name for its injected address. When this module is done the door is closed, also after the first deployment; what it serves comes later.'

import { gatewaySettings } from '../types.bicep'

@description('Required. Name of the service.')
param name string

@description('Required. Region.')
param location string

@description('Required. Tags.')
param tags object

@description('Required. Tier, units and exposure.')
param gateway gatewaySettings

@description('Required. Subnet of API Management.')
param subnetId string

@description('Required. Subnet of private endpoints.')
param endpointSubnetId string

@description('Required. Identifier of the network.')
param networkId string

@description('Required. DNS zone of private gateway endpoints.')
param zoneId string

@description('Required. Address for notices of the platform.')
param publisherEmail string

@description('Required. True at the very first deployment only.')
param firstDeployment bool

@description('Required. Workspace for diagnostics.')
param workspaceId string

var behindEndpoint = gateway.sku == 'StandardV2'

module service 'apim.bicep' = {
  params: {
    name: name
    location: location
    tags: tags
    gateway: gateway
    subnetId: subnetId
    publisherEmail: publisherEmail
    publicNetworkAccess: firstDeployment ? 'Enabled' : 'Disabled'
    workspaceId: workspaceId
  }
}

module endpoint 'private-endpoint.bicep' = if (behindEndpoint) {
  params: { name: 'pe-gateway', location: location, tags: tags, subnetId: endpointSubnetId, targetId: service.outputs.id, groupId: 'Gateway', zoneIds: [zoneId] }
}

// The service cannot be created closed, nor closed before it has a private endpoint. No API stands behind the door meanwhile.
module closed 'apim.bicep' = if (firstDeployment && behindEndpoint) {
  params: {
    name: name
    location: location
    tags: tags
    gateway: gateway
    subnetId: subnetId
    publisherEmail: publisherEmail
    publicNetworkAccess: 'Disabled'
    workspaceId: workspaceId
  }
  dependsOn: [endpoint]
}

module ownName 'apim-dns.bicep' = if (!behindEndpoint) {
  params: { hostName: service.outputs.hostName, addresses: service.outputs.privateAddresses, networkId: networkId, tags: tags }
}

@description('Identifier of the service.')
output id string = service.outputs.id

@description('Name of the service.')
output name string = service.outputs.name

@description('Object id of the gateway\'s identity.')
output principalId string = service.outputs.principalId

@description('Client id of the gateway\'s identity, which its tokens name.')
output clientId string = service.outputs.clientId

@description('Host name of the gateway.')
output hostName string = service.outputs.hostName
