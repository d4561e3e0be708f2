import {Args} from '@oclif/core'

import {infoFlags} from '../entry/flags/info-flags.js'
import {page} from '../entry/page.js'
import {RoutedCommand} from '../entry/routed-command.js'
import {cacheFolder} from '../catalog/cache/cache-folder.js'
import {parseSpec} from '../catalog/spec.js'
import type {ReadmeOrDefinition} from '../tools/readme-or-definition.js'
import type {PackageContent} from '../tools/package-content.js'
import {describePackage, type PackageDescription} from '../trust/signatures/describe-package.js'
import {installCommand, missingReadme, packageInfoText, readmeText} from '../views/catalog/package-info.js'

/** A package and one of its versions. Fields that the registry doesn't report are null. */
export interface InfoResult extends PackageDescription, Partial<ReadmeOrDefinition> {
  /** The command that adds the package to a project. */
  install: string
  /** With `--files`: the files of the version, and what they let tools do. Null if the package has no versions. */
  content?: PackageContent | null
}

export default class Info extends RoutedCommand<InfoResult> {
  static override readonly summary = 'Show information about a package.'

  static override readonly description = `Shows the package, the details of one version, and a list of all versions. The details are those of \`latest\` unless you specify a version, dist-tag or range. With --offline, shows cached metadata.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> @acme/code-review',
    '<%= config.bin %> <%= command.id %> @acme/code-review@1.4.0',
    {
      description: 'Show what a package lets tools do, before you add it',
      command: '<%= config.bin %> <%= command.id %> @acme/code-review --files',
    },
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

  static override readonly flags = infoFlags

  async run(): Promise<InfoResult> {
    const {args, flags} = await this.parse(Info)
    const client = await this.connectFor(parseSpec(args.package).name, flags)
    const folders = {home: this.ports.home, cacheFolder: cacheFolder(this.ports.env, this.ports.home)}
    const {described, readme} = await describePackage(parseSpec(args.package), client, folders)
    const result = {...described, install: installCommand(args.package, flags.registry && client.registry)}
    if (flags.files) {
      const {packageContent} = await import('../tools/package-content.js')
      const {packageContentText} = await import('../views/tools/package-content.js')
      const content = await packageContent(described, client, folders.cacheFolder)
      return this.show({...result, content}, packageContentText(content, this.ports.stdout))
    }
    if (!flags.readme) return this.show(result, packageInfoText(result, this.ports.stdout, this.ports.now()))
    const {readmeOrDefinition} = await import('../tools/readme-or-definition.js')
    const found = await readmeOrDefinition({...described, readme}, client, folders.cacheFolder)
    if (found.definition !== undefined) this.note(missingReadme(described, found.definition))
    if (!this.jsonEnabled()) await page(readmeText(found.definition?.text ?? readme), this.ports)
    return this.show({...result, ...found}, '')
  }
}
