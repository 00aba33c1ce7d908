metadata description = 'The customer-managed key that wraps both storage accounts, and the right of their identity to use it.'

@description('Required. Name of the vault.')
param vaultName string

@description('Required. Object id of the storage encryption identity.')
param principalId string

var encryptionUser = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'e147488a-f6f5-4113-8e2d-b22465e65bf6')

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' existing = {
  name: vaultName
}

resource key 'Microsoft.KeyVault/vaults/keys@2025-05-01' = {
  parent: vault
  name: 'storage-encryption'
  properties: {
    kty: 'RSA'
    keySize: 3072
    keyOps: ['wrapKey', 'unwrapKey']
    attributes: { enabled: true }
    rotationPolicy: {
      attributes: { expiryTime: 'P2Y' }
      lifetimeActions: [
        { action: { type: 'rotate' }, trigger: { timeAfterCreate: 'P1Y' } }
        { action: { type: 'notify' }, trigger: { timeBeforeExpiry: 'P30D' } }
      ]
    }
  }
}

resource useKey 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(key.id, principalId, encryptionUser)
  scope: key
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: encryptionUser
  }
}

@description('Name of the key.')
output keyName string = key.name
