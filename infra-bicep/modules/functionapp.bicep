metadata description = 'The function app on the plan that was chosen, with its private endpoint. When this module is done the app can be reached.'

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

@description('Required. Subnet of private endpoints.')
param endpointSubnetId string

@description('Required. DNS zone of private app endpoints.')
param zoneId string

@description('Required. Container that holds the app\'s package, as an address.')
param packageContainerUrl string

@description('Required. Name of the Application Insights component.')
param insightsName string

@description('Required. Values that the deployment knows, by the key that app-settings.json names.')
param settingValues object

@description('Required. Workspace for diagnostics.')
param workspaceId string

module flex 'functionapp-flex.bicep' = if (plan.kind == 'flex') {
  params: {
    name: name
    planName: planName
    location: location
    tags: tags
    plan: plan
    identityId: identityId
    subnetId: subnetId
    packageContainerUrl: packageContainerUrl
    insightsName: insightsName
    settingValues: settingValues
    workspaceId: workspaceId
  }
}

module premium 'functionapp-premium.bicep' = if (plan.kind == 'premium') {
  params: {
    name: name
    planName: planName
    location: location
    tags: tags
    plan: plan
    identityId: identityId
    subnetId: subnetId
    packageContainerUrl: packageContainerUrl
    insightsName: insightsName
    settingValues: settingValues
    workspaceId: workspaceId
  }
}

var appId = plan.kind == 'flex' ? flex!.outputs.id : premium!.outputs.id

module endpoint 'private-endpoint.bicep' = {
  params: { name: 'pe-app', location: location, tags: tags, subnetId: endpointSubnetId, targetId: appId, groupId: 'sites', zoneIds: [zoneId] }
}

@description('Identifier of the app.')
output id string = appId

@description('Host name, which resolves inside the network only.')
output hostName string = plan.kind == 'flex' ? flex!.outputs.hostName : premium!.outputs.hostName
