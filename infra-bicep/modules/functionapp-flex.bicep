metadata description = 'The function app on Flex Consumption.'

import { hostingPlan } from '../types.bicep'

@description('Required. Name of the app.')
param name string

@description('Required. Name of the plan.')
param planName string

@description('Required. Region.')
param location string

@description('Required. Tags.')
param tags object

@description('Required. Instances and concurrency.')
param plan hostingPlan

@description('Required. The app\'s identity.')
param identityId string

@description('Required. Subnet for everything that the app calls.')
param subnetId string

@description('Required. Container that holds the app\'s package, as an address.')
param packageContainerUrl string

@description('Required. Name of the Application Insights component.')
param insightsName string

@description('Required. Values that the deployment knows, by the key that app-settings.json names.')
param settingValues object

@description('Required. Workspace for diagnostics.')
param workspaceId string

var known = union(settingValues, { insightsConnection: insights.properties.ConnectionString })
var listed = filter(loadJsonContent('../app-settings.json').settings, s => contains(s.plans, 'flex'))

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource farm 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  // By this tag azd finds the app; it refuses to choose where two resources have it.
  tags: union(tags, { 'azd-service-name': 'app' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identityId}': {} }
  }
  properties: {
    serverFarmId: farm.id
    httpsOnly: true
    publicNetworkAccess: 'Disabled'
    virtualNetworkSubnetId: subnetId
    keyVaultReferenceIdentity: identityId
    // Only the gateway holds the certificate: being inside the network is not enough to reach the app.
    clientCertEnabled: true
    clientCertMode: 'Required'
    functionAppConfig: {
      runtime: { name: 'dotnet-isolated', version: '10.0' }
      scaleAndConcurrency: {
        maximumInstanceCount: plan.kind == 'flex' ? plan.maximumInstances : 40
        instanceMemoryMB: plan.kind == 'flex' ? plan.instanceMemoryMB : 2048
        alwaysReady: plan.kind == 'flex' && plan.alwaysReadyInstances > 0 ? [{ name: 'http', instanceCount: plan.alwaysReadyInstances }] : []
        triggers: { http: { perInstanceConcurrency: plan.kind == 'flex' ? plan.httpConcurrency : 16 } }
      }
      deployment: {
        storage: {
          type: 'blobContainer'
          value: packageContainerUrl
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      http20Enabled: true
      cors: { allowedOrigins: [], supportCredentials: false }
      appSettings: map(listed, s => { name: s.name, value: s.from == 'literal' ? s.value : known[s.value] })
    }
  }

  resource basicScm 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }

  resource basicFtp 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }
}

resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'to-workspace'
  scope: app
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

@description('Identifier of the app.')
output id string = app.id

@description('Host name, which resolves inside the network only.')
output hostName string = app.properties.defaultHostName
