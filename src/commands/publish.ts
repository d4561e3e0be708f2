import {isInteractive} from '@apkg/command-kit'
import {Flags} from '@oclif/core'

import {RoutedCommand} from '../entry/routed-command.js'
import {signingFlags} from '../entry/flags/signing.js'
import {findProject} from '../project/find-project.js'
import {readProject} from '../project/read-project.js'
import {assertPublishable} from '../publish/publishing/assert-publishable.js'
import {completePublication} from '../publish/publishing/complete-publication.js'
import {preparePublication} from '../publish/publishing/prepare-publication.js'
import {publish} from '../publish/publishing/publish.js'
import {publicationResult, type PublicationResult} from '../publish/publishing/publication-result.js'
import {packNotes} from '../views/publish/pack-notes.js'
import {fileLines} from '../views/publish/packed.js'
import {publicationLines, publicationNote, publisherNote, publishingNote} from '../views/publish/publication.js'

export default class Publish extends RoutedCommand<PublicationResult> {
  static override readonly summary = 'Publish the package in the current directory.'

  static override readonly description = `Packs the directory like \`apkg pack\`, and uploads it. A published version never changes: publishing the same content again succeeds without changing it, and different content is refused.

If this machine has one of your registered keys (see \`apkg key register\`), the version and its provenance are signed with it.

Packages that contain a token or a private key are refused.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    {description: 'Show what would be sent, and where', command: '<%= config.bin %> <%= command.id %> --dry-run'},
    {description: 'Publish a prerelease', command: '<%= config.bin %> <%= command.id %> --tag next'},
  ]

  static override readonly completion = {key: 'local-key'}

  static override readonly flags = {
    tag: Flags.string({
      summary: 'Dist-tag for this version.',
      description: 'By default, the highest version is tagged `latest`. Prereleases require a dist-tag.',
      helpValue: '<tag>',
    }),
    ...signingFlags,
    'dry-run': Flags.boolean({summary: 'Do everything except upload the package.'}),
    provenance: Flags.string({
      summary: 'File with a provenance statement (in-toto JSON) about how the package was built.',
      helpValue: '<file>',
    }),
  }

  async run(): Promise<PublicationResult> {
    const {flags} = await this.parse(Publish)
    const project = await readProject(findProject(this.ports))
    await assertPublishable(project, flags.tag)
    const prepared = await preparePublication(project, {...flags, ...this.ports, user: this.ports})
    if (isInteractive(this.ports) && !flags['dry-run']) this.note(fileLines(prepared.packed).trimEnd())
    for (const note of packNotes(project.manifest.type, prepared.packed.skipped)) this.note(note)
    const client = await this.connectFor(project.manifest.name, flags, flags['dry-run'] ? 'optional' : undefined)
    this.note(publishingNote(project.manifest, client.registry))
    const completed = await completePublication(prepared, client, flags, this.ports)
    const {publication, username, job, warnings, unchecked} = completed
    this.warning(...project.warnings, ...warnings)
    if (unchecked !== undefined) this.note(unchecked)
    if (job) this.note(publisherNote(job))
    const published = flags['dry-run'] ? undefined : await publish(client, publication, this.ports.stderr)
    this.warning(...(published?.warnings ?? []))
    const result = publicationResult(publication, published, {client, username, job, flags})
    this.note(publicationNote(result))
    return this.show(result, publicationLines(result, published?.serverIntegrity, this.ports.stdout))
  }
}
