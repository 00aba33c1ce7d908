metadata description = 'Alerts: metrics of the platform, and queries over logs from content/log-alerts.json.'

import { alertSettings } from '../types.bicep'

@description('Required. Identifier of the action group.')
param actionGroupId string

@description('Required. Region of the query rules.')
param location string

@description('Required. Tags.')
param tags object

@description('Required. Thresholds.')
param alerts alertSettings

@description('Required. Identifier of the workspace.')
param workspaceId string

@description('Required. Identifier of the API Management service.')
param gatewayId string

@description('Required. Identifier of the function app.')
param appId string

@description('Required. Identifiers of the vaults.')
param vaultIds string[]

@description('Required. Identifier of the account with quotas and audit.')
param dataStorageId string

@sealed()
@description('One query of content/log-alerts.json.')
type logAlert = {
  name: string
  title: string
  severity: 0 | 1 | 2 | 3 | 4
  window: string
  threshold: int
  query: string
}

@sealed()
@description('One metric with its limit.')
type metricAlert = {
  name: string
  title: string
  severity: 0 | 1 | 2 | 3 | 4
  scope: string
  namespace: string
  metric: string
  aggregation: 'Average' | 'Total' | 'Count'
  operator: 'GreaterThan' | 'LessThan'
  threshold: int
  dimension: { name: string, values: string[] }?
}

var logAlerts logAlert[] = loadJsonContent('../content/log-alerts.json')
var vaultThrottling metricAlert[] = [for (id, i) in vaultIds: {
  name: 'vault-throttled-${i}'
  title: 'Key Vault answers 429'
  severity: 2
  scope: id
  namespace: 'Microsoft.KeyVault/vaults'
  metric: 'ServiceApiResult'
  aggregation: 'Count'
  operator: 'GreaterThan'
  threshold: 0
  dimension: { name: 'StatusCode', values: ['429'] }
}]
var metricAlerts metricAlert[] = concat(vaultThrottling, [
  {
    name: 'availability'
    title: 'The gateway answers with server errors'
    severity: 1
    scope: gatewayId
    namespace: 'Microsoft.ApiManagement/service'
    metric: 'Requests'
    aggregation: 'Total'
    operator: 'GreaterThan'
    threshold: 10
    dimension: { name: 'GatewayResponseCodeCategory', values: ['5xx'] }
  }
  {
    name: 'refusals'
    title: 'The gateway refuses unusually many requests'
    severity: 2
    scope: gatewayId
    namespace: 'Microsoft.ApiManagement/service'
    metric: 'Requests'
    aggregation: 'Total'
    operator: 'GreaterThan'
    threshold: alerts.refusals
    dimension: { name: 'GatewayResponseCodeCategory', values: ['4xx'] }
  }
  {
    name: 'latency'
    title: 'Answers are slow'
    severity: 2
    scope: gatewayId
    namespace: 'Microsoft.ApiManagement/service'
    metric: 'Duration'
    aggregation: 'Average'
    operator: 'GreaterThan'
    threshold: alerts.latencyMilliseconds
  }
  {
    name: 'app-errors'
    title: 'The app fails'
    severity: 1
    scope: appId
    namespace: 'Microsoft.Web/sites'
    metric: 'Http5xx'
    aggregation: 'Total'
    operator: 'GreaterThan'
    threshold: 10
  }
  {
    name: 'tables-unavailable'
    title: 'Quotas and audit cannot be stored'
    severity: 1
    scope: dataStorageId
    namespace: 'Microsoft.Storage/storageAccounts'
    metric: 'Availability'
    aggregation: 'Average'
    operator: 'LessThan'
    threshold: 99
  }
])

resource metricRules 'Microsoft.Insights/metricAlerts@2026-01-01' = [for alert in metricAlerts: {
  name: 'alert-${alert.name}'
  location: 'global'
  tags: tags
  properties: {
    description: alert.title
    severity: alert.severity
    enabled: true
    scopes: [alert.scope]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: alert.name
          metricNamespace: alert.namespace
          metricName: alert.metric
          timeAggregation: alert.aggregation
          operator: alert.operator
          threshold: alert.threshold
          dimensions: alert.?dimension == null ? [] : [{ name: alert.dimension!.name, operator: 'Include', values: alert.dimension!.values }]
        }
      ]
    }
    actions: [{ actionGroupId: actionGroupId }]
  }
}]

resource logRules 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = [for alert in logAlerts: {
  name: 'alert-${alert.name}'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: alert.title
    severity: alert.severity
    enabled: true
    scopes: [workspaceId]
    evaluationFrequency: alert.window
    windowSize: alert.window
    autoMitigate: false
    // A table appears with its first record; until then the query cannot be checked.
    skipQueryValidation: true
    criteria: {
      allOf: [
        {
          query: alert.query
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: alert.threshold
          failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
        }
      ]
    }
    actions: { actionGroups: [actionGroupId] }
  }
}]
