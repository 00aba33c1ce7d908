metadata description = 'Rules of the gateway\'s subnet: clients and the platform in; the app, the vault and what API Management itself needs out; nothing else.'

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

var callers = union(network.trustedPrefixes, [network.addressPrefix])

resource rules 'Microsoft.Network/networkSecurityGroups@2025-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    securityRules: [
      {
        name: 'AllowCallersHttps'
        properties: {
          description: 'Clients of the private network call an injected gateway on 443.'
          priority: 100
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefixes: callers
          sourcePortRange: '*'
          destinationAddressPrefix: network.gatewayPrefix
          destinationPortRange: '443'
        }
      }
      {
        name: 'AllowManagementPlane'
        properties: {
          description: 'API Management\'s own control plane; its addresses only.'
          priority: 110
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: 'ApiManagement'
          sourcePortRange: '*'
          destinationAddressPrefix: network.gatewayPrefix
          destinationPortRange: '3443'
        }
      }
      {
        name: 'AllowLoadBalancerProbe'
        properties: {
          description: 'The platform\'s health probe.'
          priority: 120
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: 'AzureLoadBalancer'
          sourcePortRange: '*'
          destinationAddressPrefix: network.gatewayPrefix
          destinationPortRange: '6390'
        }
      }
      {
        name: 'DenyAllInbound'
        properties: {
          description: 'Nothing else comes in.'
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
          description: 'The function app and the vault.'
          priority: 100
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: network.gatewayPrefix
          sourcePortRange: '*'
          destinationAddressPrefix: network.endpointPrefix
          destinationPortRange: '443'
        }
      }
      {
        name: 'AllowStorageHttps'
        properties: {
          description: 'API Management\'s own storage.'
          priority: 110
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: network.gatewayPrefix
          sourcePortRange: '*'
          destinationAddressPrefix: 'Storage'
          destinationPortRange: '443'
        }
      }
      {
        name: 'AllowSqlOwn'
        properties: {
          description: 'API Management\'s own configuration database (classic tiers).'
          priority: 120
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: network.gatewayPrefix
          sourcePortRange: '*'
          destinationAddressPrefix: 'Sql'
          destinationPortRange: '1433'
        }
      }
      {
        name: 'AllowKeyVaultHttps'
        properties: {
          description: 'Key Vault, where the platform reads certificates and named values.'
          priority: 130
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: network.gatewayPrefix
          sourcePortRange: '*'
          destinationAddressPrefix: 'AzureKeyVault'
          destinationPortRange: '443'
        }
      }
      {
        name: 'AllowEntraHttps'
        properties: {
          description: 'Tokens of the managed identity and the provider\'s signing keys.'
          priority: 140
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: network.gatewayPrefix
          sourcePortRange: '*'
          destinationAddressPrefix: 'AzureActiveDirectory'
          destinationPortRange: '443'
        }
      }
      {
        name: 'AllowMonitor'
        properties: {
          description: 'Metrics and health of the platform.'
          priority: 150
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: network.gatewayPrefix
          sourcePortRange: '*'
          destinationAddressPrefix: 'AzureMonitor'
          destinationPortRanges: ['443', '1886']
        }
      }
      {
        name: 'DenyAllOutbound'
        properties: {
          description: 'Nothing else goes out.'
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
