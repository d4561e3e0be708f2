import {ApkgCommand} from '@apkg/command-kit'

import {dataFlag, userArg} from '../../../operator/flags.js'
import {findUser, withStore} from '../../../operator/with-store.js'
import {operator} from '../../../server/store/store.js'

/** The user that was removed. */
export interface RegistryUserRemoveResult {
  /** Username. */
  name: string
  removed: true
}

export default class RegistryUserRemove extends ApkgCommand<RegistryUserRemoveResult> {
  static override readonly summary = 'Remove a user permanently.'
  static override readonly description =
    'All sessions and tokens of the user are revoked. The username is never reused, so no one can impersonate the user.'
  static override readonly examples = ['<%= config.bin %> <%= command.id %> ada']
  static override readonly args = userArg
  static override readonly flags = dataFlag

  async run() {
    const {args, flags} = await this.parse(RegistryUserRemove)
    const result = {name: args.name, removed: true as const}
    await withStore({data: flags.data, ports: this.ports}, async (store) => {
      const {id} = await findUser(store, args.name)
      await store.users.remove(id, operator, this.ports.now().getTime())
    })
    this.note(`Removed ${args.name} and revoked all sessions and tokens`)
    return this.show(result, '')
  }
}
