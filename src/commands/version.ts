import {ApkgCommand} from '@apkg/command-kit'
import {Args, Flags} from '@oclif/core'

import {findProject} from '../project/find-project.js'
import {readProject} from '../project/read-project.js'
import {setVersion, type VersionChange} from '../publish/versioning/set-version.js'
import {versionNote} from '../views/publish/version-note.js'

export default class Version extends ApkgCommand<VersionChange> {
  static override readonly summary = 'Set the version in apkg.json, and tag it in git.'

  static override readonly description = `In a git repository, apkg commits apkg.json and tags the commit: \`v1.2.3\`, or \`@scope/name@1.2.3\` if the package is in a subdirectory. Tracked files must have no uncommitted changes. Nothing is pushed. If git can't commit or tag, nothing changes.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> patch',
    '<%= config.bin %> <%= command.id %> 2.0.0-rc.1',
    {description: 'Only change apkg.json', command: '<%= config.bin %> <%= command.id %> minor --no-git'},
  ]

  static override readonly args = {
    version: Args.string({
      description: 'patch, minor, major, or a version such as 1.2.3.',
      required: true,
      ignoreStdin: true,
    }),
  }

  static override readonly flags = {
    git: Flags.boolean({summary: 'Commit and tag in git.', default: true, allowNo: true}),
  }

  async run(): Promise<VersionChange> {
    const {args, flags} = await this.parse(Version)
    const project = await readProject(findProject(this.ports))
    const change = await setVersion(project, args.version, flags.git, this.ports)
    this.success(versionNote(change))
    // The note already has it.
    return this.show(change, this.ports.stdout.isTerminal ? '' : `${change.version}\n`)
  }
}
