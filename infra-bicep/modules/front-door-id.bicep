metadata description = 'Writes into the gateway\'s vault which Front Door the gateway believes. "none" when there is none; the policy never takes that word for an identifier.'

@description('Required. Name of the gateway\'s vault.')
param vaultName string

@description('Required. Identifier of the Front Door profile, or none.')
param frontDoorId string

@description('Required. When the entry expires, in seconds since 1970.')
param expiresAt int

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' existing = {
  name: vaultName
}

resource entry 'Microsoft.KeyVault/vaults/secrets@2025-05-01' = {
  parent: vault
  name: 'front-door-id'
  properties: {
    contentType: 'text/plain'
    value: frontDoorId
    attributes: { enabled: true, exp: expiresAt }
  }
}

@description('Name of the entry.')
output name string = entry.name
