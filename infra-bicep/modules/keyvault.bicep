metadata description = 'A key vault that trusts roles only and has no public door.'

@description('Required. Name of the vault.')
@maxLength(24)
param name string

@description('Required. Region.')
param location string

@description('Required. Tags.')
param tags object

@description('Required. Workspace for diagnostics.')
param workspaceId string

@description('Required. Identifier of the action group that hears of what is about to expire.')
param actionGroupId string

@description('Optional. Days in which a deleted object can be restored, and in which nobody can purge it.')
@minValue(7)
@maxValue(90)
param softDeleteDays int = 90

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: softDeleteDays
    enablePurgeProtection: true
    enabledForDeployment: false
    enabledForDiskEncryption: false
    enabledForTemplateDeployment: false
    publicNetworkAccess: 'Disabled'
    networkAcls: {
      defaultAction: 'Deny'
      // API Management and storage encryption reach the vault as trusted services, under their roles.
      bypass: 'AzureServices'
      ipRules: []
      virtualNetworkRules: []
    }
  }
}

resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: vault
  properties: {
    workspaceId: workspaceId
    logAnalyticsDestinationType: 'Dedicated'
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

// Whoever takes the vault's name or identifier from here comes after it: a vault tells only of versions made later.
module notices 'expiry-notices.bicep' = {
  params: {
    name: 'evgt-${name}'
    location: location
    tags: tags
    vaultId: vault.id
    actionGroupId: actionGroupId
    workspaceId: workspaceId
  }
}

@description('Identifier of the vault.')
output id string = vault.id

@description('Name of the vault.')
output name string = vault.name

@description('Address of the vault.')
output uri string = vault.properties.vaultUri
