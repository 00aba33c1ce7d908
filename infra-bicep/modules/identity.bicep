metadata description = 'User-assigned identities. They exist before the resources that use them, so that roles are in place at first start.'

@description('Required. Name of the function app\'s identity.')
param appName string

@description('Required. Name of the identity that unwraps storage with a customer-managed key.')
param encryptionName string

@description('Required. Region.')
param location string

@description('Required. Tags.')
param tags object

resource app 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: appName
  location: location
  tags: tags
}

resource encryption 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: encryptionName
  location: location
  tags: tags
}

@description('Resource id of the app\'s identity.')
output appId string = app.id

@description('Client id of the app\'s identity.')
output appClientId string = app.properties.clientId

@description('Object id of the app\'s identity.')
output appPrincipalId string = app.properties.principalId

@description('Resource id of the storage encryption identity.')
output encryptionId string = encryption.id

@description('Object id of the storage encryption identity.')
output encryptionPrincipalId string = encryption.properties.principalId
