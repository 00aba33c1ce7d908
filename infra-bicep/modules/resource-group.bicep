metadata description = 'The resource group that holds one deployment and nothing else.'
targetScope = 'subscription'

@description('Required. Name of the resource group.')
param name string

@description('Required. Region.')
param location string

@description('Required. Tags.')
param tags object

@description('Required. Keep it from being deleted.')
param deleteLock bool

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: name
  location: location
  tags: tags
}

module lock 'lock.bicep' = if (deleteLock) {
  scope: group
}

@description('Identifier of the resource group.')
output id string = group.id
