import {failure, isInteractive, RegistryCommand, Secret} from '@apkg/command-kit'
import {Flags} from '@oclif/core'

import {Keychain, KeychainUnavailable} from '../../keychain.js'
import {PlainFile} from '../../plain-file.js'

export default class KeychainSave extends RegistryCommand {
  static summary = 'Keep an API token in the keychain, for one registry.'

  static description = `The token is read from stdin, or asked for on a terminal, and tried before it is kept.

Where this machine has no keychain nothing is kept, unless --plain-text says that a file may hold it.`

  static examples = ['<%= config.bin %> <%= command.id %> < token.txt']

  static auth = 'none'

  static flags = {
    'plain-text': Flags.boolean({summary: 'Keep it in a file, where there is no keychain.', default: false}),
  }

  async run() {
    const {flags} = await this.parse(KeychainSave)
    const {client} = await this.connect(flags)
    const secret = new Secret((await readToken(this.ports)).trim())
    const {username} = await client.withCredential({secret, source: 'the given token'}).call('whoami', {})
    const place = await keep(client.registry, secret, this.ports.home, flags['plain-text'])
    const result = {registry: client.registry, username, place}
    this.note(`Kept the token of ${username} for ${client.registry} in ${place}`)
    return this.show(result, '')
  }
}

function readToken(ports) {
  return isInteractive(ports) ? ports.prompts.password({message: 'API token'}) : ports.stdin.readAll('the API token')
}

async function keep(registry, secret, home, mayBePlain) {
  try {
    await new Keychain().write(registry, secret.expose())
    return 'the keychain'
  } catch (error) {
    if (!(error instanceof KeychainUnavailable)) throw error
    const {message} = error
    if (!mayBePlain) throw failure('USAGE', {message, suggestions: ['add --plain-text to keep it in a file instead']})
    const file = new PlainFile(home)
    await file.write(registry, secret.expose())
    return file.path
  }
}
