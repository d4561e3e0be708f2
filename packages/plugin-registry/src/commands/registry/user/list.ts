import {placeFlags} from '../../../operator/flags.js'
import {OperatorCommand} from '../../../operator/operator-command.js'
import {type UserSummary, userSummary} from '../../../operator/user-summary.js'
import {withStore} from '../../../operator/with-store.js'
import {userList} from '../../../views/user-list.js'

/** The users of the registry. */
export interface RegistryUserListResult {
  /** The users. */
  users: UserSummary[]
}

export default class RegistryUserList extends OperatorCommand<RegistryUserListResult> {
  static override readonly summary = 'List the users of a registry.'
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --data /var/lib/apkg-registry/data --json',
  ]
  static override readonly flags = placeFlags

  async run() {
    const {flags} = await this.parse(RegistryUserList)
    const users = await withStore(this.place(flags), (store) => store.users.list())
    const result = {users: users.map(userSummary)}
    if (users.length === 0) this.note('No users')
    return this.show(result, userList(result.users, this.ports.stdout, this.ports.now()))
  }
}
