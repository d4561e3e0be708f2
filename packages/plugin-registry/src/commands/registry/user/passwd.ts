import {placeFlags, passwordFlag, userArg} from '../../../operator/flags.js'
import {OperatorCommand} from '../../../operator/operator-command.js'
import {readPassword} from '../../../operator/read-password.js'
import {findUser, withStore} from '../../../operator/with-store.js'
import {hashPassword} from '../../../server/auth/passwords.js'
import {operator} from '../../../server/store/store.js'

/** The user whose password was changed. */
export interface RegistryUserPasswdResult {
  /** Username. */
  name: string
}

export default class RegistryUserPasswd extends OperatorCommand<RegistryUserPasswdResult> {
  static override readonly summary = "Change a user's password."
  static override readonly description =
    "The user's sessions are revoked. API tokens stay valid. A password has 8 to 1024 characters."
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> ada',
    'printf %s "$PASSWORD" | <%= config.bin %> <%= command.id %> ada --password-stdin',
  ]
  static override readonly args = userArg
  static override readonly flags = {...passwordFlag, ...placeFlags}

  async run() {
    const {args, flags} = await this.parse(RegistryUserPasswd)
    const {name} = args
    await withStore(this.place(flags), async (store) => {
      const user = await findUser(store, name)
      const password = await readPassword(flags, this.ports)
      await store.users.setPassword(user.id, await hashPassword(password), operator, this.ports.now().getTime())
    })
    this.success(`Changed the password of ${name} and revoked all sessions. Tokens stay valid`)
    return this.show({name}, '')
  }
}
