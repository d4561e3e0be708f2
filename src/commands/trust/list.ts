import {ApkgCommand} from '@apkg/command-kit'

import {readTrust, type Trust} from '../../trust/trust.js'
import {trustList} from '../../views/trust/trust.js'

export default class TrustList extends ApkgCommand<Trust> {
  static override readonly summary = 'List the pinned scopes, the policies, and the keys that registries are known by.'

  static override readonly description =
    'A table on a terminal; anywhere else a line each, its fields separated by tabs.'

  static override readonly examples = ['<%= config.bin %> <%= command.id %>']

  async run(): Promise<Trust> {
    await this.parse(TrustList)
    const trust = await readTrust(this.ports.home)
    if (Object.keys(trust.scopes).length === 0) this.note('No scope is pinned. Pin one with `apkg trust add`.')
    return this.show(trust, trustList(trust, this.ports.stdout))
  }
}
