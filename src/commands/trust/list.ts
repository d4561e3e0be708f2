import {ApkgCommand} from '@apkg/command-kit'

import {readTrust, type Trust} from '../../trust/trust-store.js'
import {trustTable} from '../../views/trust/trust-tables.js'

export default class TrustList extends ApkgCommand<Trust> {
  static override readonly summary = 'List pinned scopes, policies and pinned registry keys.'

  static override readonly description =
    'On a terminal, prints a table. Otherwise, prints one entry per line, with two tab-separated fields: a scope and its registry, a policy and its value, or a registry and the ID of a pinned key.'

  static override readonly examples = ['<%= config.bin %> <%= command.id %>']

  async run(): Promise<Trust> {
    await this.parse(TrustList)
    const trust = await readTrust(this.ports.home)
    if (Object.keys(trust.scopes).length === 0) this.note('No scopes are pinned. To pin one, run `apkg trust add`.')
    return this.show(trust, trustTable(trust, this.ports.stdout))
  }
}
