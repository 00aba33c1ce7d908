using '../main.bicep'

// Test: the other hosting plan than production, so that both are deployed regularly.
param workload = readEnvironmentVariable('FUNCAI_WORKLOAD', 'funcai')
param environmentName = readEnvironmentVariable('FUNCAI_ENVIRONMENT', 'test')
param location = readEnvironmentVariable('FUNCAI_LOCATION', 'westeurope')

param network = {
  addressPrefix: '10.41.0.0/22'
  gatewayPrefix: '10.41.0.0/26'
  functionPrefix: '10.41.0.64/26'
  endpointPrefix: '10.41.0.128/26'
  trustedPrefixes: []
}
param plan = { kind: 'premium', sku: 'EP1', minimumInstances: 1, maximumInstances: 3 }
param gateway = { sku: 'StandardV2', exposure: 'internal', units: 1 }

param tokens = {
  audience: readEnvironmentVariable('FUNCAI_TOKEN_AUDIENCE', '00000000-0000-0000-0000-000000000000')
  gatewayAudience: readEnvironmentVariable('FUNCAI_GATEWAY_AUDIENCE', '00000000-0000-0000-0000-000000000000')
}
param plans = [
  { name: 'standard', displayName: 'Standard', callsPerMinute: 1200, callsPerMonth: 2000000 }
  { name: 'operator', displayName: 'Operator', callsPerMinute: 6000, callsPerMonth: 20000000 }
]
param alerts = {
  emails: [readEnvironmentVariable('FUNCAI_ALERT_EMAIL', 'operators@funcai.example')]
  latencyMilliseconds: 1000
  refusals: 500
}
param publisherEmail = readEnvironmentVariable('FUNCAI_ALERT_EMAIL', 'operators@funcai.example')
param modelSigningKey = readEnvironmentVariable('FUNCAI_MODEL_SIGNING_KEY', 'not-set')
param pipelinePrincipalId = readEnvironmentVariable('FUNCAI_PIPELINE_PRINCIPAL_ID', '')
param customerManagedKeys = false

// 2027-12-01. Rotate before; the alert fires 30 days ahead.
param initialSecretsExpireAt = 1827619200
// deploy.sh sets both at the first deployment; the values are in no file.
param firstDeployment = bool(readEnvironmentVariable('FUNCAI_FIRST_DEPLOYMENT', 'false'))
param initialSecrets = json(readEnvironmentVariable('FUNCAI_INITIAL_SECRETS', '{}'))
