metadata description = 'What the gateway serves: backend, API from its OpenAPI document, named values, fragments, policies, plans as products.'

import { planSettings, tokenSettings } from '../types.bicep'

@description('Required. Name of the API Management service.')
param serviceName string

@description('Required. Host name of the function app.')
param appHostName string

@description('Required. Address of the gateway\'s vault.')
param gatewayVaultUri string

@description('Required. The only accepted issuer of tokens.')
param issuer string

@description('Required. Audiences of callers\' tokens and of the gateway\'s own.')
param tokens tokenSettings

@description('Required. Plans.')
param plans planSettings[]

@description('Required. Calls a minute that one credential may make at the gateway, whatever its plan.')
param callerCallsPerMinute int

@description('Required. Name of the Application Insights component that gets the gateway\'s traces.')
param insightsName string

// Fragments in the order in which api.xml uses them; the name is the file's.
var fragments = {
  'strip-untrusted-headers': loadTextContent('../policies/fragments/strip-untrusted-headers.xml')
  'client-address': loadTextContent('../policies/fragments/client-address.xml')
  correlation: loadTextContent('../policies/fragments/correlation.xml')
  'one-credential': loadTextContent('../policies/fragments/one-credential.xml')
  'validate-token': loadTextContent('../policies/fragments/validate-token.xml')
  'limit-caller': loadTextContent('../policies/fragments/limit-caller.xml')
  'check-content': loadTextContent('../policies/fragments/check-content.xml')
  'call-backend': loadTextContent('../policies/fragments/call-backend.xml')
  'clean-response': loadTextContent('../policies/fragments/clean-response.xml')
  refuse: loadTextContent('../policies/fragments/refuse.xml')
}
var plainValues = {
  'openid-configuration-url': '${issuer}/.well-known/openid-configuration'
  'token-issuer': issuer
  'token-audience': tokens.audience
  'gateway-audience': tokens.gatewayAudience
  'caller-calls-per-minute': string(callerCallsPerMinute)
}
var vaultValues = ['front-door-id', 'caller-pseudonym-key']
var managementPaths = filter(items(loadJsonContent('../openapi.json').paths), path => startsWith(path.key, '/manage/'))
var managementOperations = flatten(map(managementPaths, path => map(filter(items(path.value), o => contains(o.value, 'operationId')), o => o.value.operationId)))

resource service 'Microsoft.ApiManagement/service@2024-05-01' existing = {
  name: serviceName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource plain 'Microsoft.ApiManagement/service/namedValues@2024-05-01' = [for item in items(plainValues): {
  parent: service
  name: item.key
  properties: {
    displayName: item.key
    secret: false
    value: item.value
  }
}]

resource fromVault 'Microsoft.ApiManagement/service/namedValues@2024-05-01' = [for name in vaultValues: {
  parent: service
  name: name
  properties: {
    displayName: name
    secret: true
    keyVault: { secretIdentifier: '${gatewayVaultUri}secrets/${name}' }
  }
}]

resource clientCertificate 'Microsoft.ApiManagement/service/certificates@2024-05-01' = {
  parent: service
  name: 'gateway-client'
  properties: {
    keyVault: { secretIdentifier: '${gatewayVaultUri}secrets/gateway-client' }
  }
}

resource backend 'Microsoft.ApiManagement/service/backends@2024-05-01' = {
  parent: service
  name: 'function-app'
  properties: {
    title: 'The function app'
    protocol: 'http'
    url: 'https://${appHostName}'
    tls: { validateCertificateChain: true, validateCertificateName: true }
    circuitBreaker: {
      rules: [
        {
          name: 'app-away'
          // Only what the app never says itself. Its own 500, 503 and 504 are about one request, model or caller, and a caller can bring
          // about as many as it likes (x-deadline-ms: 1): counted, they would close the gateway to everybody.
          failureCondition: {
            count: 10
            interval: 'PT1M'
            statusCodeRanges: [{ min: 502, max: 502 }]
            errorReasons: ['BackendConnectionFailure', 'Timeout']
          }
          tripDuration: 'PT30S'
          acceptRetryAfter: true
        }
      ]
    }
  }
}

resource policyFragments 'Microsoft.ApiManagement/service/policyFragments@2024-05-01' = [for item in items(fragments): {
  parent: service
  name: item.key
  properties: {
    format: 'xml'
    value: item.value
  }
  dependsOn: [plain, fromVault, clientCertificate, backend]
}]

resource globalPolicy 'Microsoft.ApiManagement/service/policies@2024-05-01' = {
  parent: service
  name: 'policy'
  properties: {
    format: 'xml'
    value: loadTextContent('../policies/global.xml')
  }
  dependsOn: [policyFragments]
}

resource api 'Microsoft.ApiManagement/service/apis@2024-05-01' = {
  parent: service
  name: 'inference'
  properties: {
    displayName: 'FuncAiSecure'
    path: ''
    protocols: ['https']
    subscriptionRequired: true
    subscriptionKeyParameterNames: { header: 'Ocp-Apim-Subscription-Key', query: 'subscription-key' }
    format: 'openapi+json'
    value: loadTextContent('../openapi.json')
  }
  // The API appears behind its walls: never without the policy of the scope above it.
  dependsOn: [globalPolicy]
}

resource apiPolicy 'Microsoft.ApiManagement/service/apis/policies@2024-05-01' = {
  parent: api
  name: 'policy'
  properties: {
    format: 'xml'
    value: loadTextContent('../policies/api.xml')
  }
  dependsOn: [policyFragments]
}

resource operations 'Microsoft.ApiManagement/service/apis/operations@2024-05-01' existing = [for id in managementOperations: {
  parent: api
  name: id
}]

resource operationPolicies 'Microsoft.ApiManagement/service/apis/operations/policies@2024-05-01' = [for (id, i) in managementOperations: {
  parent: operations[i]
  name: 'policy'
  properties: {
    format: 'xml'
    value: loadTextContent('../policies/operation-management.xml')
  }
  dependsOn: [policyFragments]
}]

// The operator page's files. A browser cannot send a subscription key when it opens a page; what the page asks for then passes the
// API above, with the operator's subscription and key.
resource consoleBackend 'Microsoft.ApiManagement/service/backends@2024-05-01' = {
  parent: service
  name: 'console-files'
  properties: {
    title: 'The operator page of the function app'
    protocol: 'http'
    url: 'https://${appHostName}/console'
    tls: { validateCertificateName: true, validateCertificateChain: true }
  }
}

resource console 'Microsoft.ApiManagement/service/apis@2024-05-01' = {
  parent: service
  name: 'console'
  properties: {
    displayName: 'Operator page'
    path: 'console'
    protocols: ['https']
    // Files without data, closed to the internet by the policy.
    #disable-next-line sec-apim-api-subscription
    subscriptionRequired: false
  }
  dependsOn: [globalPolicy]
}

resource consolePolicy 'Microsoft.ApiManagement/service/apis/policies@2024-05-01' = {
  parent: console
  name: 'policy'
  properties: {
    format: 'xml'
    value: loadTextContent('../policies/console.xml')
  }
  dependsOn: [policyFragments, consoleBackend]
}

// Without operations an API answers nothing: they come when its policy stands.
resource consolePage 'Microsoft.ApiManagement/service/apis/operations@2024-05-01' = {
  parent: console
  name: 'consolePage'
  properties: {
    displayName: 'The page'
    method: 'GET'
    urlTemplate: '/'
  }
  dependsOn: [consolePolicy]
}

resource consolePart 'Microsoft.ApiManagement/service/apis/operations@2024-05-01' = {
  parent: console
  name: 'consolePart'
  properties: {
    displayName: 'A part of the page'
    method: 'GET'
    urlTemplate: '/{file}'
    templateParameters: [{ name: 'file', type: 'string', required: true }]
  }
  dependsOn: [consolePolicy]
}

resource products 'Microsoft.ApiManagement/service/products@2024-05-01' = [for plan in plans: {
  parent: service
  name: plan.name
  properties: {
    displayName: plan.displayName
    description: 'Outer wall of the plan "${plan.name}"; the app counts exactly.'
    state: 'published'
    subscriptionRequired: true
    approvalRequired: true
    subscriptionsLimit: 1
  }
}]

resource productApis 'Microsoft.ApiManagement/service/products/apis@2024-05-01' = [for (plan, i) in plans: {
  parent: products[i]
  name: api.name
  // Offered only when every wall stands.
  dependsOn: [apiPolicy, operationPolicies, productPolicies]
}]

resource productPolicies 'Microsoft.ApiManagement/service/products/policies@2024-05-01' = [for (plan, i) in plans: {
  parent: products[i]
  name: 'policy'
  properties: {
    format: 'xml'
    value: replace(replace(loadTextContent('../policies/product.xml'), '__CALLS_PER_MINUTE__', string(plan.callsPerMinute)), '__CALLS_PER_MONTH__', string(plan.callsPerMonth))
  }
  dependsOn: [policyFragments]
}]

// The pipeline's test after a release; its key is read from the management plane and stored nowhere.
resource smokeSubscription 'Microsoft.ApiManagement/service/subscriptions@2024-05-01' = {
  parent: service
  name: 'smoke'
  properties: {
    displayName: 'Smoke test'
    scope: products[0].id
    state: 'active'
    allowTracing: false
  }
  dependsOn: [productApis]
}

resource logger 'Microsoft.ApiManagement/service/loggers@2024-05-01' = {
  parent: service
  name: 'insights'
  properties: {
    loggerType: 'applicationInsights'
    resourceId: insights.id
    credentials: {
      connectionString: insights.properties.ConnectionString
      identityClientId: 'SystemAssigned'
    }
  }
}

resource traces 'Microsoft.ApiManagement/service/diagnostics@2024-05-01' = {
  parent: service
  name: 'applicationinsights'
  properties: {
    loggerId: logger.id
    alwaysLog: 'allErrors'
    httpCorrelationProtocol: 'W3C'
    verbosity: 'information'
    logClientIp: false
    sampling: { samplingType: 'fixed', percentage: 10 }
    // No bodies, no headers, no query strings: they hold credentials and callers' text.
    frontend: { request: { headers: [], body: { bytes: 0 } }, response: { headers: [], body: { bytes: 0 } } }
    backend: { request: { headers: [], body: { bytes: 0 } }, response: { headers: [], body: { bytes: 0 } } }
  }
}

@description('Names of the products.')
output productNames string[] = [for plan in plans: plan.name]
