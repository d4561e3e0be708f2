import {randomUUID} from 'node:crypto'

import {failure} from '../../../operator/failures.js'
import {placeFlags, newOrganizationArg} from '../../../operator/flags.js'
import {onSamePlace} from '../../../operator/on-same-place.js'
import {OperatorCommand} from '../../../operator/operator-command.js'
import {withStore} from '../../../operator/with-store.js'
import {operator} from '../../../server/store/store.js'

/** The organization that was created. */
export interface RegistryOrgCreateResult {
  name: string
}

export default class RegistryOrgCreate extends OperatorCommand<RegistryOrgCreateResult> {
  static override readonly summary = 'Create an organization.'
  static override readonly description =
    'Members can install packages in its scope; publishers can also publish them. Users and organizations share one namespace, and names are never reused.'
  static override readonly examples = ['<%= config.bin %> <%= command.id %> acme']
  static override readonly args = newOrganizationArg
  static override readonly flags = placeFlags

  async run() {
    const {args, flags} = await this.parse(RegistryOrgCreate)
    const {name} = args
    await withStore(this.place(flags), async (store) => {
      const outcome = await store.organizations.add({id: randomUUID(), name}, operator, this.ports.now().getTime())
      if (outcome === 'taken') throw failure('ORG_NAME_TAKEN', {name})
    })
    const next = `To add members, run \`apkg registry org add ${name} <user>\`.`
    this.success(`Created organization ${name}. ${onSamePlace(next, flags)}`)
    return this.show({name}, '')
  }
}
