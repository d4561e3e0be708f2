import {Args, Flags} from '@oclif/core'

import {page} from '../entry/page.js'
import {RoutedCommand} from '../entry/routed-command.js'
import {cacheFolder} from '../catalog/cache/cache-folder.js'
import {PackumentCache} from '../catalog/cache/packument-cache.js'
import {loadPackageInfo} from '../catalog/packument/load-package-info.js'
import type {PackageInfo} from '../catalog/packument/package-info.js'
import {parseSpec} from '../catalog/spec.js'
import {signatureOf, type VersionSignature} from '../trust/signatures/version-signature.js'
import {sourceOf, type VersionSource} from '../trust/signatures/version-source.js'
import {installCommand, packageInfoText, readmeText} from '../views/catalog/package-info.js'

/** A package and one of its versions. Fields that the registry doesn't report are null. */
export interface InfoResult extends PackageInfo {
  /** URL of the registry. */
  registry: string
  /** The CI job that published the version, as the registry attests; null if no trusted publisher did. */
  source: VersionSource | null
  /** Who signed the version; null if the package has no versions. */
  signature: VersionSignature | null
  /** The command that adds the package to a project. */
  install: string
  /** With `--readme`: the readme of the version tagged `latest`; empty if there is none. */
  readme?: string
}

export default class Info extends RoutedCommand<InfoResult> {
  static override readonly summary = 'Show information about a package.'

  static override readonly description = `Shows the package, the details of one version, and a list of all versions. The details are those of \`latest\` unless you specify a version, dist-tag or range. With --offline, shows cached metadata.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> @acme/code-review',
    '<%= config.bin %> <%= command.id %> @acme/code-review@1.4.0',
    {
      description: 'Print the integrity of the version tagged `next`',
      command: '<%= config.bin %> <%= command.id %> @acme/code-review@next --json | jq -r .version.integrity',
    },
  ]

  static override readonly aliases = ['view', 'show']

  static override readonly completion = {package: 'package-version'}

  static override readonly auth = 'optional'

  static override readonly args = {
    package: Args.string({
      description: 'Package: @scope/name, @scope/name@version, @scope/name@tag or @scope/name@range.',
      required: true,
      ignoreStdin: true,
    }),
  }

  static override readonly flags = {
    readme: Flags.boolean({summary: 'Show the readme of `latest`, in a pager on a terminal.'}),
  }

  async run(): Promise<InfoResult> {
    const {args, flags} = await this.parse(Info)
    const spec = parseSpec(args.package)
    const client = await this.connectFor(spec.name, flags)
    const packuments = new PackumentCache(cacheFolder(this.ports.env, this.ports.home), this.ports.home)
    const {info, metadata, signers, readme} = await loadPackageInfo(spec, packuments, client)
    const source = await sourceOf(info.name, metadata, client, this.ports.home)
    const signature = await signatureOf({name: info.name, metadata, signers}, client, this.ports.home)
    const install = installCommand(args.package, flags.registry === undefined ? undefined : client.registry)
    if (!flags.readme) {
      const result = {registry: client.registry, ...info, source, signature, install}
      return this.show(result, packageInfoText(result, this.ports.stdout, this.ports.now()))
    }
    if (readme === '') this.note(`${info.name} has no readme.`)
    if (!this.jsonEnabled()) await page(readmeText(readme), this.ports)
    return this.show({registry: client.registry, ...info, source, signature, install, readme}, '')
  }
}
