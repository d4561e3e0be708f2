import {ApkgCommand, canonicalRegistry} from '@apkg/command-kit'
import {Args} from '@oclif/core'

import {pinScope} from '../../trust/trust-store.js'

/** The pin that was added. */
export interface TrustAddResult {
  /** The scope, with its `@`. */
  scope: string
  /** URL of the registry that the scope is pinned to. */
  registry: string
}

export default class TrustAdd extends ApkgCommand<TrustAddResult> {
  static override readonly summary = 'Pin a scope to a registry.'

  static override readonly description = `Packages of a pinned scope are only installed from, and published to, that registry. With any other registry, commands fail before anything is sent. This protects you from a wrong --registry, and from public packages with the same name as a private one.

Pins are stored in ~/.apkg/trust.json. A project can't change them.`

  static override readonly examples = ['<%= config.bin %> <%= command.id %> @acme https://registry.example.com']

  static override readonly completion = {scope: 'scope'}

  static override readonly args = {
    scope: Args.string({description: 'Scope to pin, such as @acme.', required: true, ignoreStdin: true}),
    registry: Args.string({description: 'URL of the registry.', required: true, ignoreStdin: true}),
  }

  async run(): Promise<TrustAddResult> {
    const {args} = await this.parse(TrustAdd)
    const result = {scope: args.scope, registry: canonicalRegistry(args.registry, 'the command line')}
    const before = await pinScope(this.ports.home, result.scope, result.registry)
    const instead = before === undefined || before === result.registry ? '' : ` instead of ${before}`
    this.note(`Pinned ${result.scope} to ${result.registry}${instead}`)
    return this.show(result, '')
  }
}
