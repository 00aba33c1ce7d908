metadata description = 'Who is told. It exists before the first secret, whose end somebody must be told of.'

@description('Required. Name of the action group.')
param name string

@description('Required. Tags.')
param tags object

@description('Required. Addresses that receive alerts.')
@minLength(1)
param emails string[]

resource recipients 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: name
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'funcai'
    emailReceivers: [for (email, i) in emails: {
      name: 'mail-${i}'
      emailAddress: email
      useCommonAlertSchema: true
    }]
  }
}

@description('Identifier of the action group.')
output id string = recipients.id
