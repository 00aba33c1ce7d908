metadata description = 'The function app on Elastic Premium. It runs from a package in blob storage that its identity reads: no file share, hence no account key.'

import { hostingPlan } from '../types.bicep'

@description('Required. Name of the app.')
param name string

@description('Required. Name of the plan.')
param planName string

@description('Required. Region.')
param location string

@description('Required. Tags.')
param tags object

@description('Required. Size and instances.')
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

var known = union(settingValues, {
  insightsConnection: insights.properties.ConnectionString
  packageUrl: '${packageContainerUrl}/released-package.zip'
})
var listed = filter(loadJsonContent('../app-settings.json').settings, s => contains(s.plans, 'premium'))

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource farm 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'elastic'
  sku: { name: plan.kind == 'premium' ? plan.sku : 'EP1', tier: 'ElasticPremium' }
  properties: {
    reserved: true
    elasticScaleEnabled: true
    maximumElasticWorkerCount: plan.kind == 'premium' ? plan.maximumInstances : 1
  }
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
    outboundVnetRouting: { allTraffic: true, contentShareTraffic: true, imagePullTraffic: true }
    keyVaultReferenceIdentity: identityId
    // Only the gateway holds the certificate: being inside the network is not enough to reach the app.
    clientCertEnabled: true
    clientCertMode: 'Required'
    siteConfig: {
      linuxFxVersion: 'DOTNET-ISOLATED|10.0'
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
      remoteDebuggingEnabled: false
      minimumElasticInstanceCount: plan.kind == 'premium' ? plan.minimumInstances : 1
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
