import {randomUUID} from 'node:crypto'

import {failure} from '../../../operator/failures.js'
import {placeFlags, emailFlag, newUserArg, passwordFlag} from '../../../operator/flags.js'
import {OperatorCommand} from '../../../operator/operator-command.js'
import {readPassword} from '../../../operator/read-password.js'
import {withStore} from '../../../operator/with-store.js'
import {hashPassword} from '../../../server/auth/passwords.js'
import {operator} from '../../../server/store/store.js'

/** The user that was added. */
export interface RegistryUserAddResult {
  /** Username. */
  name: string
  email: string
}

export default class RegistryUserAdd extends OperatorCommand<RegistryUserAddResult> {
  static override readonly summary = 'Add a user to a registry.'
  static override readonly description =
    'Also works while `apkg registry serve` is running. Prompts for the password on a terminal. A password has 8 to 1024 characters.'
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> ada --email ada@example.com',
    'printf %s "$PASSWORD" | <%= config.bin %> <%= command.id %> ada --email ada@example.com --password-stdin',
  ]
  static override readonly args = newUserArg
  static override readonly flags = {...emailFlag, ...passwordFlag, ...placeFlags}

  async run() {
    const {args, flags} = await this.parse(RegistryUserAdd)
    const {name} = args
    const {email} = flags
    const password = await readPassword(flags, this.ports)
    const user = {id: randomUUID(), name, email, passwordHash: await hashPassword(password)}
    await withStore({...this.place(flags), create: true}, async (store) => {
      const outcome = await store.users.add(user, operator, this.ports.now().getTime())
      if (outcome === 'taken') throw failure('USER_NAME_TAKEN', {name})
    })
    this.success(`Added user ${name}`)
    return this.show({name, email}, '')
  }
}
