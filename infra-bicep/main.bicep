metadata description = 'The whole system in a private network. Modules only; nothing is created here.'
targetScope = 'subscription'

import { namesFor, hostingPlan, gatewaySettings, networkSettings, tokenSettings, planSettings, alertSettings } from 'types.bicep'

@description('Required. Short name of the workload; with the environment it names everything.')
@minLength(2)
@maxLength(10)
param workload string

@description('Required. Short name of the environment.')
@minLength(2)
@maxLength(8)
param environmentName string

@description('Required. Region.')
param location string

@description('Required. Address plan.')
param network networkSettings

@description('Required. Hosting of the function app.')
param plan hostingPlan

@description('Required. API Management and who can reach it.')
param gateway gatewaySettings

@description('Required. Audiences of callers\' tokens and of the gateway\'s own.')
param tokens tokenSettings

@description('Required. Plans offered as products.')
@minLength(1)
param plans planSettings[]

@description('Required. Alert recipients and thresholds.')
param alerts alertSettings

@description('Required. Address for notices of API Management.')
param publisherEmail string

@description('Required. Public key (base64) whose signatures on models count.')
param modelSigningKey string

@description('Required. When generated secrets expire, in seconds since 1970. Fixed in the parameter file, so that a second deployment changes nothing.')
param initialSecretsExpireAt int

@description('Optional. Secrets that must exist before the first start, by name. Made by deploy.sh, held in no file; empty afterwards.')
@secure()
param initialSecrets object = {}

@description('Optional. True at the very first deployment only: API Management cannot be created closed (see apim.bicep).')
param firstDeployment bool = false

@description('Optional. Wrap both storage accounts with a key of this deployment\'s vault.')
param customerManagedKeys bool = false

@description('Optional. Keep the resource group from being deleted.')
param deleteLock bool = true

@description('Optional. Whether the app may create and revoke callers\' keys (/manage/keys); otherwise it only reads them.')
param keysThroughApi bool = true

@description('Optional. Object id of the pipeline\'s identity, which may replace the app\'s package and nothing else.')
param pipelinePrincipalId string = ''

@description('Optional. Calls a minute that one credential may make at the gateway, whatever its plan.')
@minValue(1)
param callerCallsPerMinute int = 6000

@description('Optional. Days that logs are kept.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 90

@description('Optional. Redundancy of storage.')
param storageSku 'Standard_LRS' | 'Standard_ZRS' | 'Standard_GZRS' = 'Standard_ZRS'

@description('Optional. Further tags.')
param extraTags { *: string } = {}

var names = namesFor(workload, environmentName, uniqueString(subscription().subscriptionId, workload, environmentName))
var tags = union(extraTags, { workload: workload, environment: environmentName, 'azd-env-name': environmentName })
var packageContainer = 'app-package'
var issuer = '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
var usesFrontDoor = gateway.exposure == 'frontDoor'

module group 'modules/resource-group.bicep' = {
  params: { name: names.resourceGroup, location: location, tags: tags, deleteLock: deleteLock }
}

module identity 'modules/identity.bicep' = {
  scope: resourceGroup(names.resourceGroup)
  params: { appName: names.appIdentity, encryptionName: names.encryptionIdentity, location: location, tags: tags }
  dependsOn: [group]
}

module monitoring 'modules/monitoring.bicep' = {
  scope: resourceGroup(names.resourceGroup)
  params: {
    workspaceName: names.workspace
    insightsName: names.insights
    privateLinkScopeName: names.privateLinkScope
    location: location
    tags: tags
    retentionDays: logRetentionDays
  }
  dependsOn: [group]
}

module vnet 'modules/network.bicep' = {
  scope: resourceGroup(names.resourceGroup)
  params: {
    name: names.network
    location: location
    tags: tags
    network: network
    gatewaySku: gateway.sku
    planKind: plan.kind
    workspaceId: monitoring.outputs.workspaceId
  }
}

module dns 'modules/dns.bicep' = {
  scope: resourceGroup(names.resourceGroup)
  params: { networkId: vnet.outputs.id, tags: tags }
}

module recipients 'modules/recipients.bicep' = {
  scope: resourceGroup(names.resourceGroup)
  params: { name: names.actionGroup, tags: tags, emails: alerts.emails }
  dependsOn: [group]
}

module appVault 'modules/keyvault.bicep' = {
  scope: resourceGroup(names.resourceGroup)
  params: { name: names.appVault, location: location, tags: tags, workspaceId: monitoring.outputs.workspaceId, actionGroupId: recipients.outputs.id }
}

module gatewayVault 'modules/keyvault.bicep' = {
  scope: resourceGroup(names.resourceGroup)
  params: { name: names.gatewayVault, location: location, tags: tags, workspaceId: monitoring.outputs.workspaceId, actionGroupId: recipients.outputs.id }
}

module appSecrets 'modules/initial-secrets.bicep' = {
  scope: resourceGroup(names.resourceGroup)
  params: { vaultName: appVault.outputs.name, names: ['apikey-pepper', 'audit-key', 'audit-payload-key', 'guard-data-key'], values: initialSecrets, expiresAt: initialSecretsExpireAt }
}

module gatewaySecrets 'modules/initial-secrets.bicep' = {
  scope: resourceGroup(names.resourceGroup)
  params: { vaultName: gatewayVault.outputs.name, names: ['gateway-client', 'caller-pseudonym-key'], values: initialSecrets, expiresAt: initialSecretsExpireAt }
}

module encryptionKey 'modules/encryption-key.bicep' = if (customerManagedKeys) {
  scope: resourceGroup(names.resourceGroup)
  params: { vaultName: gatewayVault.outputs.name, principalId: identity.outputs.encryptionPrincipalId }
}

module hostStorage 'modules/storage.bicep' = {
  scope: resourceGroup(names.resourceGroup)
  params: {
    name: names.hostStorage
    location: location
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
    sku: storageSku
    containers: [packageContainer]
    customerKey: customerManagedKeys ? { vaultUri: gatewayVault.outputs.uri, keyName: encryptionKey!.outputs.keyName, identityId: identity.outputs.encryptionId } : null
  }
}

module dataStorage 'modules/storage.bicep' = {
  scope: resourceGroup(names.resourceGroup)
  params: {
    name: names.dataStorage
    location: location
    tags: tags
    workspaceId: monitoring.outputs.workspaceId
    sku: storageSku
    customerKey: customerManagedKeys ? { vaultUri: gatewayVault.outputs.uri, keyName: encryptionKey!.outputs.keyName, identityId: identity.outputs.encryptionId } : null
  }
}

module endpoints 'modules/private-endpoints.bicep' = {
  scope: resourceGroup(names.resourceGroup)
  params: {
    location: location
    tags: tags
    subnetId: vnet.outputs.endpointSubnetId
    zones: dns.outputs.zones
    hostStorageId: hostStorage.outputs.id
    dataStorageId: dataStorage.outputs.id
    appVaultId: appVault.outputs.id
    gatewayVaultId: gatewayVault.outputs.id
    privateLinkScopeId: monitoring.outputs.privateLinkScopeId
  }
}

module service 'modules/gateway.bicep' = {
  scope: resourceGroup(names.resourceGroup)
  params: {
    name: names.gateway
    location: location
    tags: tags
    gateway: gateway
    subnetId: vnet.outputs.gatewaySubnetId
    endpointSubnetId: vnet.outputs.endpointSubnetId
    networkId: vnet.outputs.id
    zoneId: dns.outputs.zones.gateway
    publisherEmail: publisherEmail
    firstDeployment: firstDeployment
    workspaceId: monitoring.outputs.workspaceId
  }
}

module roles 'modules/role-assignments.bicep' = {
  scope: resourceGroup(names.resourceGroup)
  params: {
    appVaultName: appVault.outputs.name
    gatewayVaultName: gatewayVault.outputs.name
    hostStorageName: hostStorage.outputs.name
    packageContainerName: packageContainer
    dataStorageName: dataStorage.outputs.name
    insightsName: names.insights
    assignments: concat([
      { principalId: identity.outputs.appPrincipalId, role: keysThroughApi ? 'Key Vault Secrets Officer' : 'Key Vault Secrets User', on: 'appVault' }
      { principalId: identity.outputs.appPrincipalId, role: 'Storage Blob Data Owner', on: 'hostStorage' }
      { principalId: identity.outputs.appPrincipalId, role: 'Storage Queue Data Contributor', on: 'hostStorage' }
      { principalId: identity.outputs.appPrincipalId, role: 'Storage Table Data Contributor', on: 'dataStorage' }
      { principalId: identity.outputs.appPrincipalId, role: 'Monitoring Metrics Publisher', on: 'insights' }
      { principalId: service.outputs.principalId, role: 'Key Vault Secrets User', on: 'gatewayVault' }
      { principalId: service.outputs.principalId, role: 'Monitoring Metrics Publisher', on: 'insights' }
    ], empty(pipelinePrincipalId) ? [] : [
      { principalId: pipelinePrincipalId, role: 'Storage Blob Data Contributor', on: 'packageContainer' }
    ])
  }
}

var settingValues = {
  identityId: identity.outputs.appId
  identityClientId: identity.outputs.appClientId
  hostStorageName: hostStorage.outputs.name
  appVaultUri: appVault.outputs.uri
  insightsAuthentication: 'ClientId=${identity.outputs.appClientId};Authorization=AAD'
  tableEndpoint: dataStorage.outputs.tableEndpoint
  modelSigningKey: modelSigningKey
  issuer: issuer
  audience: tokens.audience
  gatewayAudience: tokens.gatewayAudience
  gatewayPrincipal: 'entra:${service.outputs.clientId}'
  gatewayPrefix: network.gatewayPrefix
}

module app 'modules/functionapp.bicep' = {
  scope: resourceGroup(names.resourceGroup)
  params: {
    name: names.app
    planName: names.plan
    location: location
    tags: tags
    plan: plan
    identityId: identity.outputs.appId
    subnetId: vnet.outputs.functionSubnetId
    endpointSubnetId: vnet.outputs.endpointSubnetId
    zoneId: dns.outputs.zones.sites
    packageContainerUrl: '${hostStorage.outputs.blobEndpoint}${packageContainer}'
    insightsName: names.insights
    settingValues: settingValues
    workspaceId: monitoring.outputs.workspaceId
  }
  // Roles and private names first: an app that cannot reach its storage at first start does not come up.
  dependsOn: [roles, appSecrets, endpoints]
}

module frontDoor 'modules/frontdoor.bicep' = if (usesFrontDoor) {
  scope: resourceGroup(names.resourceGroup)
  params: {
    name: names.frontDoor
    firewallPolicyName: names.firewallPolicy
    location: location
    tags: tags
    gatewayId: service.outputs.id
    gatewayHostName: service.outputs.hostName
    workspaceId: monitoring.outputs.workspaceId
  }
}

module frontDoorId 'modules/front-door-id.bicep' = {
  scope: resourceGroup(names.resourceGroup)
  params: { vaultName: gatewayVault.outputs.name, frontDoorId: usesFrontDoor ? frontDoor!.outputs.frontDoorId : 'none', expiresAt: initialSecretsExpireAt }
}

module api 'modules/apim-api.bicep' = {
  scope: resourceGroup(names.resourceGroup)
  params: {
    serviceName: service.outputs.name
    appHostName: app.outputs.hostName
    gatewayVaultUri: gatewayVault.outputs.uri
    issuer: issuer
    tokens: tokens
    plans: plans
    callerCallsPerMinute: callerCallsPerMinute
    insightsName: names.insights
  }
  dependsOn: [roles, gatewaySecrets, frontDoorId]
}

module alerting 'modules/alerts.bicep' = {
  scope: resourceGroup(names.resourceGroup)
  params: {
    actionGroupId: recipients.outputs.id
    location: location
    tags: tags
    alerts: alerts
    workspaceId: monitoring.outputs.workspaceId
    gatewayId: service.outputs.id
    appId: app.outputs.id
    vaultIds: [appVault.outputs.id, gatewayVault.outputs.id]
    dataStorageId: dataStorage.outputs.id
  }
}

module dashboard 'modules/dashboard.bicep' = {
  scope: resourceGroup(names.resourceGroup)
  params: { location: location, tags: tags, workspaceId: monitoring.outputs.workspaceId, title: '${workload} ${environmentName}' }
}

@description('Name of the resource group.')
output resourceGroupName string = names.resourceGroup

@description('Name of the function app.')
output appName string = names.app

@description('Name of the API Management service.')
output gatewayName string = names.gateway

@description('Host names that the internet reaches. Empty when the exposure is internal.')
output internetEndpoints string[] = usesFrontDoor ? [frontDoor!.outputs.hostName] : []

@description('Host names that answer inside the network only, with who is meant to call them.')
output privateEndpoints { name: string, host: string, callers: string }[] = [
  { name: 'gateway', host: service.outputs.hostName, callers: 'internal applications' }
  { name: 'app', host: app.outputs.hostName, callers: 'the gateway (certificate and token)' }
  { name: 'appVault', host: appVault.outputs.uri, callers: 'the app, operators' }
  { name: 'gatewayVault', host: gatewayVault.outputs.uri, callers: 'the gateway, operators' }
  { name: 'tables', host: dataStorage.outputs.tableEndpoint, callers: 'the app, auditors' }
  { name: 'packages', host: hostStorage.outputs.blobEndpoint, callers: 'the app, the pipeline' }
]
