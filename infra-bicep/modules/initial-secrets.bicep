metadata description = 'Writes the secrets that must exist before the first start, through the control plane: the vault needs no open door for it. A name that is not given is left as it is.'

@description('Required. Name of the vault.')
param vaultName string

@description('Required. Names of secrets that this vault can receive.')
param names string[]

@description('Optional. Values by name. Generated on the operator\'s machine, held in no file.')
@secure()
param values object = {}

@description('Required. When the secrets expire, in seconds since 1970; the expiry alert fires 30 days before.')
param expiresAt int

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' existing = {
  name: vaultName
}

resource secrets 'Microsoft.KeyVault/vaults/secrets@2025-05-01' = [for name in names: if (contains(values, name)) {
  parent: vault
  name: name
  properties: {
    contentType: name == 'gateway-client' ? 'application/x-pkcs12' : 'text/plain'
    value: values[name]
    attributes: {
      enabled: true
      exp: expiresAt
    }
  }
}]
