metadata description = 'The virtual network: a subnet each for the gateway, the function app\'s way out, and private endpoints, each behind its own rules that end in an explicit deny.'

import { networkSettings } from '../types.bicep'

@description('Required. Name of the network.')
param name string

@description('Required. Region.')
param location string

@description('Required. Tags.')
param tags object

@description('Required. Address plan.')
param network networkSettings

@description('Required. Tier of API Management; it decides the delegation and the rules of its subnet.')
param gatewaySku 'Developer' | 'StandardV2' | 'PremiumV2'

@description('Required. Hosting of the function app; it decides the delegation of its subnet.')
param planKind 'flex' | 'premium'

@description('Required. Workspace for diagnostics.')
param workspaceId string

module gatewayRules 'nsg-gateway.bicep' = {
  params: { name: '${name}-nsg-gateway', location: location, tags: tags, network: network, workspaceId: workspaceId }
}

module functionRules 'nsg-functions.bicep' = {
  params: { name: '${name}-nsg-functions', location: location, tags: tags, network: network, workspaceId: workspaceId }
}

module endpointRules 'nsg-endpoints.bicep' = {
  params: { name: '${name}-nsg-endpoints', location: location, tags: tags, network: network, workspaceId: workspaceId }
}

resource vnet 'Microsoft.Network/virtualNetworks@2025-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: [network.addressPrefix] }
    subnets: [
      {
        name: 'snet-gateway'
        properties: {
          addressPrefix: network.gatewayPrefix
          defaultOutboundAccess: false
          networkSecurityGroup: { id: gatewayRules.outputs.id }
          delegations: gatewaySku == 'Developer' ? [] : [
            { name: 'gateway', properties: { serviceName: gatewaySku == 'StandardV2' ? 'Microsoft.Web/serverFarms' : 'Microsoft.Web/hostingEnvironments' } }
          ]
        }
      }
      {
        name: 'snet-functions'
        properties: {
          addressPrefix: network.functionPrefix
          defaultOutboundAccess: false
          networkSecurityGroup: { id: functionRules.outputs.id }
          delegations: [
            { name: 'functions', properties: { serviceName: planKind == 'flex' ? 'Microsoft.App/environments' : 'Microsoft.Web/serverFarms' } }
          ]
        }
      }
      {
        name: 'snet-endpoints'
        properties: {
          addressPrefix: network.endpointPrefix
          defaultOutboundAccess: false
          networkSecurityGroup: { id: endpointRules.outputs.id }
          privateEndpointNetworkPolicies: 'Enabled'
        }
      }
    ]
  }

  resource gatewaySubnet 'subnets' existing = { name: 'snet-gateway' }
  resource functionSubnet 'subnets' existing = { name: 'snet-functions' }
  resource endpointSubnet 'subnets' existing = { name: 'snet-endpoints' }
}

resource vnetLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: vnet
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

@description('Identifier of the network.')
output id string = vnet.id

@description('Identifier of the gateway\'s subnet.')
output gatewaySubnetId string = vnet::gatewaySubnet.id

@description('Identifier of the function app\'s integration subnet.')
output functionSubnetId string = vnet::functionSubnet.id

@description('Identifier of the private endpoints\' subnet.')
output endpointSubnetId string = vnet::endpointSubnet.id
