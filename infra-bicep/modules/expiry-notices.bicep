metadata description = 'Alerts about secrets, keys and certificates of a vault that end within 30 days. The vault tells only of versions that were made after somebody asked to be told, so this comes before the first one.'

@description('Required. Name of the topic.')
param name string

@description('Required. Region of the vault.')
param location string

@description('Required. Tags.')
param tags object

@description('Required. Identifier of the vault.')
param vaultId string

@description('Required. Identifier of the action group.')
param actionGroupId string

@description('Required. Workspace for diagnostics.')
param workspaceId string

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' = {
  name: name
  location: location
  tags: tags
  properties: {
    source: vaultId
    topicType: 'Microsoft.KeyVault.vaults'
  }
}

resource nearExpiry 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = {
  parent: topic
  name: 'near-expiry'
  properties: {
    // The form that alerts take.
    eventDeliverySchema: 'CloudEventSchemaV1_0'
    destination: {
      endpointType: 'MonitorAlert'
      properties: {
        severity: 'Sev2'
        description: 'A secret, key or certificate expires within 30 days'
        actionGroups: [actionGroupId]
      }
    }
    filter: {
      includedEventTypes: [
        'Microsoft.KeyVault.SecretNearExpiry'
        'Microsoft.KeyVault.SecretExpired'
        'Microsoft.KeyVault.KeyNearExpiry'
        'Microsoft.KeyVault.KeyExpired'
        'Microsoft.KeyVault.CertificateNearExpiry'
        'Microsoft.KeyVault.CertificateExpired'
      ]
    }
  }
}

resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: topic
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

@description('Identifier of the subscription.')
output id string = nearExpiry.id
