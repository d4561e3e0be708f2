import {RegistryCommand} from '@apkg/command-kit'

import {identify, type Identity} from '../account/session/identity.js'
import {expiringTokenWarnings} from '../views/account/expiring-tokens.js'
import {identityLines} from '../views/account/identity.js'

export default class Whoami extends RegistryCommand<Identity> {
  static override readonly summary = 'Show the current user or CI job, and the credential in use.'

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    {
      description: 'Print where the credential comes from',
      command: '<%= config.bin %> <%= command.id %> --json | jq -r .credential.source',
    },
  ]

  async run(): Promise<Identity> {
    const {flags} = await this.parse(Whoami)
    const identity = await identify(await this.connect(flags), this.ports)
    const {registry, expiringTokens} = identity
    this.warnAtEnd(...expiringTokenWarnings(expiringTokens, registry, this.ports.now()))
    return this.show(identity, identityLines(identity, this.ports.stdout, this.ports.now()))
  }
}
