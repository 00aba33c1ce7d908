metadata description = 'The function app on the plan that was chosen.'

import { hostingPlan } from '../types.bicep'

@description('Required. Name of the app.')
param name string

@description('Required. Name of the plan.')
param planName string

@description('Required. Region.')
param location string

@description('Required. Tags, with the one by which azd finds the app.')
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

@description('Identifier of the app.')
output id string = plan.kind == 'flex' ? flex!.outputs.id : premium!.outputs.id

@description('Host name, which resolves inside the network only.')
output hostName string = plan.kind == 'flex' ? flex!.outputs.hostName : premium!.outputs.hostName
