import {RegistryCommand} from '@apkg/command-kit'
import {Flags} from '@oclif/core'

import {signingFlags} from '../entry/flags/signing.js'
import {readProject} from '../project/read-project.js'
import {checkPublishable} from '../publish/publishing/assert-publishable.js'
import {completePublication} from '../publish/publishing/complete-publication.js'
import {preparePublication} from '../publish/publishing/prepare-publication.js'
import {publish} from '../publish/publishing/publish.js'
import {publicationResult, type PublicationResult} from '../publish/publishing/publication-result.js'
import {beginningNote, publicationLines, publicationNote} from '../views/publish/publication.js'

export default class Publish extends RegistryCommand<PublicationResult> {
  static override readonly summary = 'Publish the package in this folder.'

  static override readonly description = `Packs the folder as \`apkg pack\` does, and sends it. A version is written once: the same bytes again are "already published, identical", other bytes are refused.

It is signed with your key, where this machine has one that the registry knows (\`apkg key register\`): name, version and content, for this registry. Provenance is signed along.

Nothing is sent that holds an apkg token or a private key.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    {description: 'Show what would be sent, and where:', command: '<%= config.bin %> <%= command.id %> --dry-run'},
    {description: 'Publish a prerelease:', command: '<%= config.bin %> <%= command.id %> --tag next'},
  ]

  static override readonly completion = {key: 'local-key'}

  static override readonly flags = {
    tag: Flags.string({
      summary: 'The dist-tag that shall lead to this version.',
      description: 'Left out, it is `latest`, where the registry has no higher version; a prerelease needs one.',
      helpValue: '<tag>',
    }),
    ...signingFlags,
    'dry-run': Flags.boolean({summary: 'Do everything but send.'}),
    provenance: Flags.string({
      summary: 'A file with an attestation (in-toto, JSON) of how the package was built.',
      helpValue: '<file>',
    }),
  }

  async run(): Promise<PublicationResult> {
    const {flags} = await this.parse(Publish)
    const project = await readProject(this.ports.cwd)
    checkPublishable(project, flags.tag)
    this.note(beginningNote(project.manifest))
    const prepared = await preparePublication(project, {...flags, cwd: this.ports.cwd})
    const {client} = await this.connect(flags)
    const {publication, username, warnings} = await completePublication(prepared, client, flags, this.ports)
    this.warning(...project.warnings, ...warnings)
    const published = flags['dry-run'] ? undefined : await publish(client, publication)
    this.warning(...(published?.warnings ?? []))
    const result = publicationResult(publication, published, {registry: client.registry, username})
    this.note(publicationNote(result))
    return this.show(result, publicationLines(result, published?.serverIntegrity))
  }
}
