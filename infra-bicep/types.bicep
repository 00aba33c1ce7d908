metadata description = 'The vocabulary of the deployment: what a parameter file may say, and how things are named.'

@export()
@description('Function hosting. Flex Consumption by default; Elastic Premium where a fixed number of warm instances is wanted.')
@discriminator('kind')
type hostingPlan = flexPlan | premiumPlan

@sealed()
@description('Flex Consumption: instances follow the load, some are kept ready.')
type flexPlan = {
  kind: 'flex'

  @description('Instances kept ready for HTTP requests. Each holds the models in memory.')
  @minValue(0)
  @maxValue(100)
  alwaysReadyInstances: int

  @description('Most instances at once.')
  @minValue(40)
  @maxValue(1000)
  maximumInstances: int

  @description('Memory of an instance, in MiB.')
  instanceMemoryMB: 2048 | 4096

  @description('HTTP requests that one instance serves at once.')
  @minValue(1)
  @maxValue(1000)
  httpConcurrency: int
}

@sealed()
@description('Elastic Premium: always at least one warm instance.')
type premiumPlan = {
  kind: 'premium'

  @description('Size of an instance.')
  sku: 'EP1' | 'EP2' | 'EP3'

  @description('Instances that always run.')
  @minValue(1)
  @maxValue(20)
  minimumInstances: int

  @description('Most instances at once.')
  @minValue(1)
  @maxValue(100)
  maximumInstances: int
}

@export()
@description('Who can reach the gateway. Each tier carries only the exposures it supports, so that an impossible pair is a type error.')
@discriminator('sku')
type gatewaySettings = developerGateway | standardGateway | premiumGateway

@sealed()
@description('Developer tier, injected into the virtual network. No service level: for development only.')
type developerGateway = {
  sku: 'Developer'
  exposure: 'internal'

  @description('Scale units.')
  @minValue(1)
  @maxValue(1)
  units: int
}

@sealed()
@description('Standard v2: reached through a private endpoint, optionally with Front Door before it.')
type standardGateway = {
  sku: 'StandardV2'
  exposure: gatewayExposure

  @description('Scale units.')
  @minValue(1)
  @maxValue(10)
  units: int
}

@sealed()
@description('Premium v2, injected into the virtual network. Front Door cannot reach it privately.')
type premiumGateway = {
  sku: 'PremiumV2'
  exposure: 'internal'

  @description('Scale units.')
  @minValue(1)
  @maxValue(30)
  units: int
}

@export()
@description('internal: from the virtual network only. frontDoor: from the internet through Front Door with a web application firewall.')
type gatewayExposure = 'internal' | 'frontDoor'

@export()
@sealed()
@description('Address plan. The four ranges must lie within the network and not overlap.')
type networkSettings = {
  @description('The whole network, for example 10.40.0.0/22.')
  addressPrefix: string

  @description('Subnet of API Management, /27 or larger.')
  gatewayPrefix: string

  @description('Subnet of the function app\'s outbound integration, /27 or larger.')
  functionPrefix: string

  @description('Subnet of all private endpoints, /27 or larger.')
  endpointPrefix: string

  @description('Networks outside this one whose machines may call the gateway and reach the private endpoints (peered networks, VPN, build agents).')
  trustedPrefixes: string[]
}

@export()
@sealed()
@description('Whose tokens are accepted. The provider is the tenant\'s Microsoft Entra ID; tokens are version 2, whose audience is an application id.')
type tokenSettings = {
  @description('Application id for which callers ask their tokens.')
  audience: string

  @description('Application id for which the gateway\'s managed identity asks its own token.')
  gatewayAudience: string
}

@export()
@sealed()
@description('A plan as a product of the gateway. The gateway\'s amounts are a wider outer wall; the app counts exactly.')
type planSettings = {
  @description('Identifier of one of the app\'s plans; the app answers nobody whose key names a plan that it does not have.')
  @minLength(2)
  @maxLength(30)
  name: string

  @description('Name that subscribers read.')
  displayName: string

  @description('Calls a minute and subscription.')
  @minValue(1)
  callsPerMinute: int

  @description('Calls in 30 days and subscription.')
  @minValue(1)
  callsPerMonth: int
}

@export()
@sealed()
@description('Who is told, and when.')
type alertSettings = {
  @description('Addresses that receive alerts.')
  @minLength(1)
  emails: string[]

  @description('Longest average answer time at the gateway before an alert, in milliseconds.')
  @minValue(100)
  latencyMilliseconds: int

  @description('Refused requests (4xx) in 15 minutes before an alert.')
  @minValue(1)
  refusals: int
}

@export()
@sealed()
@description('Zone identifiers by service.')
type zoneIds = {
  blob: string
  table: string
  queue: string
  file: string
  vault: string
  sites: string
  gateway: string
  monitor: string
  oms: string
  ods: string
  agents: string
}

@export()
@sealed()
@description('Names of all resources of one deployment.')
type resourceNames = {
  resourceGroup: string
  network: string
  appIdentity: string
  encryptionIdentity: string
  workspace: string
  insights: string
  privateLinkScope: string
  appVault: string
  gatewayVault: string
  hostStorage: string
  dataStorage: string
  plan: string
  app: string
  gateway: string
  frontDoor: string
  firewallPolicy: string
  actionGroup: string
}

@export()
@description('Names from workload, environment and a token that is stable for the subscription, workload and environment. Names that are unique in the world carry the token; the others live in their own resource group.')
func namesFor(workload string, environmentName string, token string) resourceNames => {
  resourceGroup: 'rg-${workload}-${environmentName}'
  network: 'vnet-${workload}-${environmentName}'
  appIdentity: 'id-${workload}-${environmentName}-app'
  encryptionIdentity: 'id-${workload}-${environmentName}-cmk'
  workspace: 'log-${workload}-${environmentName}'
  insights: 'appi-${workload}-${environmentName}'
  privateLinkScope: 'ampls-${workload}-${environmentName}'
  appVault: 'kv-a-${token}'
  gatewayVault: 'kv-g-${token}'
  hostStorage: 'sthost${token}'
  dataStorage: 'stdata${token}'
  plan: 'plan-${workload}-${environmentName}'
  app: 'func-${workload}-${environmentName}-${token}'
  gateway: 'apim-${workload}-${environmentName}-${token}'
  frontDoor: 'afd-${workload}-${environmentName}-${token}'
  firewallPolicy: 'waf${token}'
  actionGroup: 'ag-${workload}-${environmentName}'
}
