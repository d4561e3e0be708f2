import {confirm} from '../../../operator/confirm.js'
import {dataFlag, userArg, yesFlag} from '../../../operator/flags.js'
import {OperatorCommand} from '../../../operator/operator-command.js'
import {findUser, withStore} from '../../../operator/with-store.js'
import {operator} from '../../../server/store/store.js'
import {counted} from '../../../views/counted.js'

/** The number of sessions and tokens that were revoked. */
export interface RegistryUserRevokeAllResult {
  /** Username. */
  name: string
  /** Number of sessions that were revoked. */
  sessions: number
  /** Number of tokens that were revoked. */
  tokens: number
}

export default class RegistryUserRevokeAll extends OperatorCommand<RegistryUserRevokeAllResult> {
  static override readonly summary = 'Revoke all sessions and tokens of a user.'
  static override readonly description =
    "The user can log in again. To prevent that, run `apkg registry user disable`. Revoked tokens can't be restored, so it asks for confirmation. Without a terminal, pass --yes."
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> ada',
    '<%= config.bin %> <%= command.id %> ada --yes',
  ]
  static override readonly args = userArg
  static override readonly flags = {...yesFlag, ...dataFlag}

  async run() {
    const {args, flags} = await this.parse(RegistryUserRevokeAll)
    const {name} = args
    const revoked = await withStore({data: flags.data, ports: this.ports}, async (store) => {
      const {id} = await findUser(store, name)
      const question = `Revoke all sessions and tokens of ${name}? This cannot be undone`
      await confirm(question, {isAgreed: flags.yes, action: 'Revoking all sessions and tokens'}, this.ports)
      return store.users.revokeAll(id, operator, this.ports.now().getTime())
    })
    this.note(`Revoked ${counted(revoked.sessions, 'session')} and ${counted(revoked.tokens, 'token')} of ${name}`)
    return this.show({name, ...revoked}, '')
  }
}
