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

var callers = union(network.trustedPrefixes, [network.addressPrefix])

resource gatewayRules 'Microsoft.Network/networkSecurityGroups@2025-05-01' = {
  name: '${name}-nsg-gateway'
  location: location
  tags: tags
  properties: {
    securityRules: concat([
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
    ], empty(network.providerPrefixes) ? [] : [
      {
        name: 'AllowTokenProvider'
        properties: {
          description: 'Signing keys of a token provider other than Entra ID.'
          priority: 200
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: network.gatewayPrefix
          sourcePortRange: '*'
          destinationAddressPrefixes: network.providerPrefixes
          destinationPortRange: '443'
        }
      }
    ])
  }
}

resource functionRules 'Microsoft.Network/networkSecurityGroups@2025-05-01' = {
  name: '${name}-nsg-functions'
  location: location
  tags: tags
  properties: {
    securityRules: concat([
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
    ], empty(network.providerPrefixes) ? [] : [
      {
        name: 'AllowTokenProvider'
        properties: {
          description: 'Signing keys of a token provider other than Entra ID.'
          priority: 200
          direction: 'Outbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: network.functionPrefix
          sourcePortRange: '*'
          destinationAddressPrefixes: network.providerPrefixes
          destinationPortRange: '443'
        }
      }
    ])
  }
}

resource endpointRules 'Microsoft.Network/networkSecurityGroups@2025-05-01' = {
  name: '${name}-nsg-endpoints'
  location: location
  tags: tags
  properties: {
    securityRules: [
      {
        name: 'AllowKnownHttps'
        properties: {
          description: 'The gateway, the function app and trusted networks.'
          priority: 100
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefixes: callers
          sourcePortRange: '*'
          destinationAddressPrefix: network.endpointPrefix
          destinationPortRange: '443'
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
        name: 'DenyAllOutbound'
        properties: {
          description: 'Private endpoints answer; they never call.'
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
          networkSecurityGroup: { id: gatewayRules.id }
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
          networkSecurityGroup: { id: functionRules.id }
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
          networkSecurityGroup: { id: endpointRules.id }
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

resource gatewayRulesLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: gatewayRules
  properties: { workspaceId: workspaceId, logs: [{ categoryGroup: 'allLogs', enabled: true }] }
}

resource functionRulesLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: functionRules
  properties: { workspaceId: workspaceId, logs: [{ categoryGroup: 'allLogs', enabled: true }] }
}

resource endpointRulesLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: endpointRules
  properties: { workspaceId: workspaceId, logs: [{ categoryGroup: 'allLogs', enabled: true }] }
}

@description('Identifier of the network.')
output id string = vnet.id

@description('Identifier of the gateway\'s subnet.')
output gatewaySubnetId string = vnet::gatewaySubnet.id

@description('Identifier of the function app\'s integration subnet.')
output functionSubnetId string = vnet::functionSubnet.id

@description('Identifier of the private endpoints\' subnet.')
output endpointSubnetId string = vnet::endpointSubnet.id
