import {ApkgCommand} from '@apkg/command-kit'

import {choseSignaturePolicy, readTrust, type Trust} from '../../trust/trust-store.js'
import {routesNote, trustTable} from '../../views/trust/trust-tables.js'

export default class TrustList extends ApkgCommand<Trust> {
  static override readonly summary = 'List routes of scopes, policies and pinned registry keys.'

  static override readonly description =
    'On a terminal, prints a table of routes, one of policies, and one of keys. Otherwise, prints one entry per line, with two tab-separated fields: a scope (for one that you accepted in a project: `@acme in /project`) and its registry, a policy and its value, or a registry and the ID of a pinned key.'

  static override readonly examples = ['<%= config.bin %> <%= command.id %>']

  async run(): Promise<Trust> {
    await this.parse(TrustList)
    const trust = await readTrust(this.ports.home)
    const note = routesNote(trust)
    if (note !== undefined) this.note(note)
    const isSet = await choseSignaturePolicy(this.ports.home)
    return this.show(trust, trustTable(trust, isSet, this.ports.stdout))
  }
}
