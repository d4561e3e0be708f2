import {failure} from '../../../operator/failures.js'
import {placeFlags, userArg} from '../../../operator/flags.js'
import {OperatorCommand} from '../../../operator/operator-command.js'
import {findUser, withStore} from '../../../operator/with-store.js'
import {operator} from '../../../server/store/store.js'

/** The operator that was removed. */
export interface RegistryOperatorRemoveResult {
  /** Username. */
  name: string
  operator: false
}

export default class RegistryOperatorRemove extends OperatorCommand<RegistryOperatorRemoveResult> {
  static override readonly summary = "Revoke a user's operator role."
  static override readonly description = 'Takes effect immediately. The user account is kept.'
  static override readonly examples = ['<%= config.bin %> <%= command.id %> ada']
  static override readonly args = userArg
  static override readonly flags = placeFlags

  async run() {
    const {args, flags} = await this.parse(RegistryOperatorRemove)
    const {name} = args
    await withStore(this.place(flags), async (store) => {
      const {id} = await findUser(store, name)
      const outcome = await store.users.setOperator(id, false, operator, this.ports.now().getTime())
      if (outcome === 'unchanged') throw failure('OPERATOR_NOT_FOUND', {name})
    })
    this.success(`${name} is no longer an operator`)
    return this.show({name, operator: false as const}, '')
  }
}
