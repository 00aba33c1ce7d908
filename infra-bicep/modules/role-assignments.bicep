metadata description = 'Roles as data. Each assignment names one principal, one role and one resource; none is wider than a resource.'

@sealed()
@description('One right of one identity.')
type assignment = {
  @description('Object id of the identity.')
  principalId: string

  @description('Name of the role.')
  role: roleName

  @description('Resource on which the role holds.')
  on: scopeName
}

@description('Roles that this system gives.')
type roleName = 'Key Vault Secrets User' | 'Key Vault Secrets Officer' | 'Storage Blob Data Owner' | 'Storage Blob Data Contributor' | 'Storage Queue Data Contributor' | 'Storage Table Data Contributor' | 'Monitoring Metrics Publisher'

@description('Resources on which roles are given.')
type scopeName = 'appVault' | 'gatewayVault' | 'hostStorage' | 'packageContainer' | 'dataStorage' | 'insights'

@description('Required. The assignments.')
param assignments assignment[]

@description('Required. Name of the vault with callers\' keys.')
param appVaultName string

@description('Required. Name of the gateway\'s vault.')
param gatewayVaultName string

@description('Required. Name of the Functions host\'s account.')
param hostStorageName string

@description('Required. Container of the host\'s account that holds the app\'s package.')
param packageContainerName string

@description('Required. Name of the account with quotas and audit.')
param dataStorageName string

@description('Required. Name of the Application Insights component.')
param insightsName string

var roleIds = {
  'Key Vault Secrets User': '4633458b-17de-408a-b874-0445c86b69e6'
  'Key Vault Secrets Officer': 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7'
  'Storage Blob Data Owner': 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  'Storage Blob Data Contributor': 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
  'Storage Queue Data Contributor': '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
  'Storage Table Data Contributor': '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
  'Monitoring Metrics Publisher': '3913510d-42f4-4e42-8a64-420c390055eb'
}

resource appVault 'Microsoft.KeyVault/vaults@2025-05-01' existing = { name: appVaultName }
resource gatewayVault 'Microsoft.KeyVault/vaults@2025-05-01' existing = { name: gatewayVaultName }
resource hostStorage 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: hostStorageName

  resource blobs 'blobServices' existing = {
    name: 'default'

    resource package 'containers' existing = { name: packageContainerName }
  }
}
resource dataStorage 'Microsoft.Storage/storageAccounts@2025-06-01' existing = { name: dataStorageName }
resource insights 'Microsoft.Insights/components@2020-02-02' existing = { name: insightsName }

resource onAppVault 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for a in filter(assignments, x => x.on == 'appVault'): {
  name: guid(appVault.id, a.principalId, a.role)
  scope: appVault
  properties: {
    principalId: a.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds[a.role])
  }
}]

resource onGatewayVault 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for a in filter(assignments, x => x.on == 'gatewayVault'): {
  name: guid(gatewayVault.id, a.principalId, a.role)
  scope: gatewayVault
  properties: {
    principalId: a.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds[a.role])
  }
}]

resource onHostStorage 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for a in filter(assignments, x => x.on == 'hostStorage'): {
  name: guid(hostStorage.id, a.principalId, a.role)
  scope: hostStorage
  properties: {
    principalId: a.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds[a.role])
  }
}]

resource onPackages 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for a in filter(assignments, x => x.on == 'packageContainer'): {
  name: guid(hostStorage::blobs::package.id, a.principalId, a.role)
  scope: hostStorage::blobs::package
  properties: {
    principalId: a.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds[a.role])
  }
}]

resource onDataStorage 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for a in filter(assignments, x => x.on == 'dataStorage'): {
  name: guid(dataStorage.id, a.principalId, a.role)
  scope: dataStorage
  properties: {
    principalId: a.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds[a.role])
  }
}]

resource onInsights 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for a in filter(assignments, x => x.on == 'insights'): {
  name: guid(insights.id, a.principalId, a.role)
  scope: insights
  properties: {
    principalId: a.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds[a.role])
  }
}]
