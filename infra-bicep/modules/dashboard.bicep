metadata description = 'The operators\' workbook: traffic, refusals, latency, vault, audit.'

@description('Required. Region.')
param location string

@description('Required. Tags.')
param tags object

@description('Required. Identifier of the workspace that it reads.')
param workspaceId string

@description('Required. Title that operators see.')
param title string

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  // Workbooks are named by GUID; this one is the same at every deployment.
  name: guid(resourceGroup().id, 'workbook')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: title
    category: 'workbook'
    sourceId: workspaceId
    version: '1.0'
    serializedData: loadTextContent('../content/workbook.json')
  }
}

@description('Identifier of the workbook.')
output id string = workbook.id
