metadata description = 'Keeps the resource group from being deleted by mistake. Data-plane work and updates go on.'

resource deleteLock 'Microsoft.Authorization/locks@2020-05-01' = {
  name: 'lock-no-delete'
  properties: {
    level: 'CanNotDelete'
    notes: 'Holds audit records and keys. Remove the lock on purpose before deleting.'
  }
}

@description('Identifier of the lock.')
output id string = deleteLock.id
