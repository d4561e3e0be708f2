import {placeFlags, userArg} from '../../../operator/flags.js'
import {OperatorCommand} from '../../../operator/operator-command.js'
import {findUser, withStore} from '../../../operator/with-store.js'
import {operator} from '../../../server/store/store.js'

/** The operator that was added. */
export interface RegistryOperatorAddResult {
  /** Username. */
  name: string
  operator: true
}

export default class RegistryOperatorAdd extends OperatorCommand<RegistryOperatorAddResult> {
  static override readonly summary = 'Grant a user the operator role.'
  static override readonly description =
    "An operator can manage users and organizations through the registry's API, with a login that isn't older than `confirm-after` of the policy. API tokens never can. `apkg whoami` and `apkg registry user list` show the role."
  static override readonly examples = ['<%= config.bin %> <%= command.id %> ada']
  static override readonly args = userArg
  static override readonly flags = placeFlags

  async run() {
    const {args, flags} = await this.parse(RegistryOperatorAdd)
    const {name} = args
    const outcome = await withStore(this.place(flags), async (store) => {
      const {id} = await findUser(store, name)
      return store.users.setOperator(id, true, operator, this.ports.now().getTime())
    })
    this.success(`${name} is ${outcome === 'unchanged' ? 'already' : 'now'} an operator`)
    return this.show({name, operator: true as const}, '')
  }
}
