metadata description = 'The resource group that holds one deployment and nothing else.'
targetScope = 'subscription'

@description('Required. Name of the resource group.')
param name string

@description('Required. Region.')
param location string

@description('Required. Tags.')
param tags object

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: name
  location: location
  tags: tags
}

@description('Identifier of the resource group.')
output id string = group.id
