import {ApkgCommand, canonicalRegistry} from '@apkg/command-kit'
import {Args} from '@oclif/core'

import {routeScope} from '../../trust/trust-store.js'

/** The route that was added. */
export interface TrustAddResult {
  /** The scope, with its `@`. */
  scope: string
  /** URL of the registry that the packages of the scope come from. */
  registry: string
}

export default class TrustAdd extends ApkgCommand<TrustAddResult> {
  static override readonly summary = 'Get the packages of a scope from one registry.'

  static override readonly description = `Packages of the scope are installed from, and published to, that registry and no other, with your credential for it. Packages of other scopes come from the selected registry. This also protects you from public packages with the same name as a private one.

The route takes precedence over --registry, APKG_REGISTRY and the configuration. A --registry that contradicts it is an error. APKG_TOKEN is only sent to the selected registry. For the registry of a route, log in, or set APKG_TOKEN__ followed by its host.

Routes are stored in ~/.apkg/trust.json. A project can't change them.`

  static override readonly examples = ['<%= config.bin %> <%= command.id %> @acme https://registry.example.com']

  static override readonly completion = {scope: 'scope'}

  static override readonly args = {
    scope: Args.string({description: 'Scope, such as @acme.', required: true, ignoreStdin: true}),
    registry: Args.string({description: 'URL of the registry.', required: true, ignoreStdin: true}),
  }

  async run(): Promise<TrustAddResult> {
    const {args} = await this.parse(TrustAdd)
    const result = {scope: args.scope, registry: canonicalRegistry(args.registry, 'the command line')}
    const before = await routeScope(this.ports.home, result.scope, result.registry)
    const instead = before === undefined || before === result.registry ? '' : ` instead of ${before}`
    this.success(`Packages of ${result.scope} now come from ${result.registry}${instead}`)
    return this.show(result, '')
  }
}
