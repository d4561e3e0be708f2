import {placeFlags, userArg} from '../../../operator/flags.js'
import {OperatorCommand} from '../../../operator/operator-command.js'
import {findUser, withStore} from '../../../operator/with-store.js'
import {operator} from '../../../server/store/store.js'

/** The user that was enabled. */
export interface RegistryUserEnableResult {
  /** Username. */
  name: string
  disabled: false
}

export default class RegistryUserEnable extends OperatorCommand<RegistryUserEnableResult> {
  static override readonly summary = 'Enable a disabled user.'
  static override readonly description =
    "The user's sessions and tokens work again unless they have expired. Suspended tokens and trusted publishers of organizations stay suspended."
  static override readonly examples = ['<%= config.bin %> <%= command.id %> ada']
  static override readonly args = userArg
  static override readonly flags = placeFlags

  async run() {
    const {args, flags} = await this.parse(RegistryUserEnable)
    const {name} = args
    await withStore(this.place(flags), async (store) => {
      const {id} = await findUser(store, name)
      await store.users.setDisabled(id, false, operator, this.ports.now().getTime())
    })
    this.success(`Enabled ${name}. Sessions and tokens work again`)
    return this.show({name, disabled: false}, '')
  }
}
