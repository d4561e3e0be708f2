import {confirm} from '../../../operator/confirm.js'
import {dataFlag, userArg, yesFlag} from '../../../operator/flags.js'
import {OperatorCommand} from '../../../operator/operator-command.js'
import {findUser, withStore} from '../../../operator/with-store.js'
import {operator} from '../../../server/store/store.js'

/** The user that was removed. */
export interface RegistryUserRemoveResult {
  /** Username. */
  name: string
  removed: true
}

export default class RegistryUserRemove extends OperatorCommand<RegistryUserRemoveResult> {
  static override readonly summary = 'Remove a user permanently.'
  static override readonly description =
    "All sessions and tokens of the user are revoked. The username is never reused, so no one can impersonate the user. This can't be undone, so it asks for confirmation. Without a terminal, pass --yes."
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> ada',
    '<%= config.bin %> <%= command.id %> ada --yes',
  ]
  static override readonly args = userArg
  static override readonly flags = {...yesFlag, ...dataFlag}

  async run() {
    const {args, flags} = await this.parse(RegistryUserRemove)
    const result = {name: args.name, removed: true as const}
    await withStore({data: flags.data, ports: this.ports}, async (store) => {
      const {id} = await findUser(store, args.name)
      const question = `Remove ${args.name}, and revoke all sessions and tokens? This cannot be undone, and the name can never be used again`
      await confirm(question, {isAgreed: flags.yes, action: 'Removing the user'}, this.ports)
      await store.users.remove(id, operator, this.ports.now().getTime())
    })
    this.note(`Removed ${args.name} and revoked all sessions and tokens`)
    return this.show(result, '')
  }
}
