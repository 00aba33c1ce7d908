metadata description = 'API Management itself: network, identity, protocols, diagnostics. What it serves is in apim-api.bicep.'

import { gatewaySettings } from '../types.bicep'

@description('Required. Name of the service.')
param name string

@description('Required. Region.')
param location string

@description('Required. Tags.')
param tags object

@description('Required. Tier, units and exposure.')
param gateway gatewaySettings

@description('Required. Subnet: injected into (Developer, Premium v2) or integrated with (Standard v2).')
param subnetId string

@description('Required. Address for notices of the platform.')
param publisherEmail string

@description('Optional. The service refuses Disabled when it is created and while it has no private endpoint; the first deployment opens and then closes it before any API is published.')
param publicNetworkAccess 'Enabled' | 'Disabled' = 'Disabled'

@description('Required. Workspace for diagnostics.')
param workspaceId string

resource service 'Microsoft.ApiManagement/service@2024-05-01' = {
  name: name
  location: location
  tags: tags
  // Premium v2 is newer than this API version's list of tiers, which is an open one.
  #disable-next-line open-enum
  sku: { name: gateway.sku, capacity: gateway.units }
  identity: { type: 'SystemAssigned' }
  properties: {
    publisherEmail: publisherEmail
    publisherName: 'FuncAiSecure'
    virtualNetworkType: gateway.sku == 'StandardV2' ? 'External' : 'Internal'
    virtualNetworkConfiguration: { subnetResourceId: subnetId }
    // An injected gateway has no public address of its own; the switch exists for Standard v2.
    publicNetworkAccess: gateway.sku == 'StandardV2' ? publicNetworkAccess : 'Enabled'
    developerPortalStatus: 'Disabled'
    legacyPortalStatus: 'Disabled'
    apiVersionConstraint: { minApiVersion: '2021-08-01' }
    // Version 2 tiers speak TLS 1.2 and newer by themselves and refuse these switches.
    customProperties: gateway.sku == 'Developer' ? {
      'Microsoft.WindowsAzure.ApiManagement.Gateway.Security.Protocols.Tls10': 'False'
      'Microsoft.WindowsAzure.ApiManagement.Gateway.Security.Protocols.Tls11': 'False'
      'Microsoft.WindowsAzure.ApiManagement.Gateway.Security.Protocols.Ssl30': 'False'
      'Microsoft.WindowsAzure.ApiManagement.Gateway.Security.Backend.Protocols.Tls10': 'False'
      'Microsoft.WindowsAzure.ApiManagement.Gateway.Security.Backend.Protocols.Tls11': 'False'
      'Microsoft.WindowsAzure.ApiManagement.Gateway.Security.Backend.Protocols.Ssl30': 'False'
      'Microsoft.WindowsAzure.ApiManagement.Gateway.Security.Ciphers.TripleDes168': 'False'
    } : null
  }
}

resource ownIdentity 'Microsoft.ManagedIdentity/identities@2023-01-31' existing = {
  scope: service
  name: 'default'
}

resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: service
  properties: {
    workspaceId: workspaceId
    logAnalyticsDestinationType: 'Dedicated'
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

@description('Identifier of the service.')
output id string = service.id

@description('Name of the service.')
output name string = service.name

@description('Object id of the gateway\'s identity.')
output principalId string = service.identity.principalId

@description('Client id of the gateway\'s identity, which its tokens name.')
output clientId string = ownIdentity.properties.clientId

@description('Host name of the gateway.')
output hostName string = '${service.name}.azure-api.net'

@description('Private addresses of an injected gateway; empty for Standard v2.')
output privateAddresses array = service.properties.?privateIPAddresses ?? []
