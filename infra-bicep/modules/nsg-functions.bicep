metadata description = 'Rules of the function app\'s way out: storage, vault and monitoring through private endpoints, tokens, and nothing else. Nobody comes in through it.'

import { networkSettings } from '../types.bicep'

@description('Required. Name of the group of rules.')
param name string

@description('Required. Region.')
param location string

@description('Required. Tags.')
param tags object

@description('Required. Address plan.')
param network networkSettings

@description('Required. Workspace for diagnostics.')
param workspaceId string

resource rules 'Microsoft.Network/networkSecurityGroups@2025-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    securityRules: [
      {
        name: 'DenyAllInbound'
        properties: {
          description: 'The integration subnet is a way out; nobody comes in through it.'
          priority: 4096
          direction: 'Inbound'
          access: 'Deny'
          protocol: '*'
          sourceAddressPrefix: '*'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '*'
        }
      }
      {
        name: 'AllowPrivateEndpoints'
        properties: {
          description: 'Storage, vault and monitoring.'
          priority: 100
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: network.functionPrefix
          sourcePortRange: '*'
          destinationAddressPrefix: network.endpointPrefix
          destinationPortRange: '443'
        }
      }
      {
        name: 'AllowEntraHttps'
        properties: {
          description: 'Tokens and the provider\'s signing keys.'
          priority: 110
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: network.functionPrefix
          sourcePortRange: '*'
          destinationAddressPrefix: 'AzureActiveDirectory'
          destinationPortRange: '443'
        }
      }
      {
        name: 'DenyAllOutbound'
        properties: {
          description: 'Whatever the app or a library in it tries, it does not leave.'
          priority: 4096
          direction: 'Outbound'
          access: 'Deny'
          protocol: '*'
          sourceAddressPrefix: '*'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '*'
        }
      }
    ]
  }
}

resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: rules
  properties: { workspaceId: workspaceId, logs: [{ categoryGroup: 'allLogs', enabled: true }] }
}

@description('Identifier of the group of rules.')
output id string = rules.id
