import {CredentialStore, RegistryCommand} from '@apkg/command-kit'

import {logOut, type LogoutReport} from '../account/session/logout.js'
import {logoutLines} from '../views/account/logout.js'

export default class Logout extends RegistryCommand<LogoutReport> {
  static override readonly summary = 'Log out of a registry and revoke the session.'

  static override readonly description =
    'Removes only the stored credential for this registry. Tokens in variables such as APKG_TOKEN are not affected. If you logged in with a token, it stays valid. To revoke it, run `apkg token revoke --current` before you log out.'

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --registry https://registry.example.com',
  ]

  static override readonly auth = 'none'

  async run(): Promise<LogoutReport> {
    const {flags} = await this.parse(Logout)
    const {client} = await this.connect(flags)
    const store = new CredentialStore(this.ports.home)
    const logout = await logOut(store, client)
    const others = logout.session === 'nothing-stored' ? await store.list() : []
    for (const line of logoutLines(logout, others)) this.note(line)
    return this.show(logout, '')
  }
}
