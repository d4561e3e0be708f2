import {RegistryCommand} from '@apkg/command-kit'

import {Keychain, KeychainUnavailable} from '../../keychain.js'
import {PlainFile} from '../../plain-file.js'

export default class KeychainForget extends RegistryCommand {
  static summary = 'Delete the API token of a registry from the keychain, and from the file.'

  static description = 'The token stays valid. To revoke it, run `apkg token revoke`.'

  static examples = ['<%= config.bin %> <%= command.id %>']

  static auth = 'none'

  async run() {
    const {flags} = await this.parse(KeychainForget)
    const {target} = await this.connect(flags)
    const {registry} = target
    const wasInFile = await new PlainFile(this.ports.home).remove(registry)
    const wasInKeychain = await new Keychain().remove(registry).catch((error) => {
      if (!(error instanceof KeychainUnavailable)) throw error
      this.warning(error.message)
      return false
    })
    const result = {registry, forgotten: wasInFile || wasInKeychain}
    this.note(result.forgotten ? `Deleted the token for ${registry}` : `No token is stored for ${registry}`)
    return this.show(result, '')
  }
}
