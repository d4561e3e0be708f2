import {dataFlag, userArg} from '../../../operator/flags.js'
import {OperatorCommand} from '../../../operator/operator-command.js'
import {findUser, withStore} from '../../../operator/with-store.js'
import {operator} from '../../../server/store/store.js'

/** The user that was disabled. */
export interface RegistryUserDisableResult {
  /** Username. */
  name: string
  disabled: true
}

export default class RegistryUserDisable extends OperatorCommand<RegistryUserDisableResult> {
  static override readonly summary = 'Disable a user.'
  static override readonly description =
    "The user can't log in, and the user's sessions and tokens are rejected, until you enable the user again. The change takes effect immediately."
  static override readonly examples = ['<%= config.bin %> <%= command.id %> ada']
  static override readonly args = userArg
  static override readonly flags = dataFlag

  async run() {
    const {args, flags} = await this.parse(RegistryUserDisable)
    const {name} = args
    await withStore({data: flags.data, ports: this.ports}, async (store) => {
      const {id} = await findUser(store, name)
      await store.users.setDisabled(id, true, operator, this.ports.now().getTime())
    })
    this.note(`Disabled ${name}. Sessions and tokens are now rejected`)
    return this.show({name, disabled: true}, '')
  }
}
