import {failure, isInteractive, RegistryCommand, Secret} from '@apkg/command-kit'
import {Flags} from '@oclif/core'

import {Keychain, KeychainUnavailable} from '../../keychain.js'
import {PlainFile} from '../../plain-file.js'

export default class KeychainSave extends RegistryCommand {
  static summary = 'Store an API token for a registry in the keychain.'

  static description = `Reads the token from stdin, or prompts for it on a terminal, and checks that the registry accepts it.

Without a keychain, nothing is stored unless you add --plain-text.`

  static examples = ['<%= config.bin %> <%= command.id %> < token.txt']

  static auth = 'none'

  static flags = {
    'plain-text': Flags.boolean({
      summary: "Store the token in a file if this machine doesn't have a keychain.",
      default: false,
    }),
  }

  async run() {
    const {flags} = await this.parse(KeychainSave)
    const {client} = await this.connect(flags)
    const secret = new Secret((await readToken(this.ports)).trim())
    const {username} = await client.withCredential({secret, source: 'the token you entered'}).call('whoami', {})
    const place = await store(client.registry, secret, this.ports.home, flags['plain-text'])
    const result = {registry: client.registry, username, place}
    this.note(`Stored the token of ${username} for ${client.registry} in ${place}`)
    return this.show(result, '')
  }
}

function readToken(ports) {
  return isInteractive(ports) ? ports.prompts.password({message: 'API token'}) : ports.stdin.readAll('the API token')
}

async function store(registry, secret, home, isPlainTextAllowed) {
  try {
    await new Keychain().write(registry, secret.expose())
    return 'the keychain'
  } catch (error) {
    if (!(error instanceof KeychainUnavailable)) throw error
    const {message} = error
    if (!isPlainTextAllowed)
      throw failure('USAGE', {message, suggestions: ['add `--plain-text` to store it in a file instead']})
    const file = new PlainFile(home)
    await file.write(registry, secret.expose())
    return file.path
  }
}
