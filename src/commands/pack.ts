import {ApkgCommand, byteProgressOn} from '@apkg/command-kit'
import {Flags} from '@oclif/core'

import {packToFile, type PackResult} from '../publish/packing/pack-to-file.js'
import {findProject} from '../project/find-project.js'
import {readProject} from '../project/read-project.js'
import {packNotes} from '../views/publish/pack-notes.js'
import {contentLines, packedLines} from '../views/publish/packed.js'

export default class Pack extends ApkgCommand<PackResult> {
  static override readonly summary = 'Pack the current directory into a tarball.'

  static override readonly description = `The same files always produce the same tarball, byte for byte, on every machine.

Files that git ignores and files listed in .apkgignore (same syntax as .gitignore) are skipped. .git, node_modules, apkg_packages, .env files and private key files are always skipped. To include a file that is skipped because of its name but isn't secret, rename it: for example, cert.pem to cert.crt.

Packing fails if a file is a symbolic link, or if it contains a token or a private key.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    {description: 'Show what would be packed', command: '<%= config.bin %> <%= command.id %> --dry-run'},
    {
      description: 'Print the path of the tarball',
      command: '<%= config.bin %> <%= command.id %> --json | jq -r .path',
    },
  ]

  static override readonly flags = {
    'dry-run': Flags.boolean({summary: 'List the files that would be packed, without writing anything.'}),
  }

  async run(): Promise<PackResult> {
    const {flags} = await this.parse(Pack)
    const project = await readProject(findProject(this.ports))
    const {name, version} = project.manifest
    this.note(`Packing ${name}@${version} ...`)
    const progress = byteProgressOn(this.ports.stderr, {title: 'Packing'})
    const {result, warnings} = await packToFile(project, {dryRun: flags['dry-run'], user: this.ports, progress})
    for (const note of packNotes(project.manifest.type, result.skipped)) this.note(note)
    this.warning(...project.warnings, ...warnings)
    if (result.path === null) this.note('Nothing was written (--dry-run).')
    else this.success(`Packed ${result.file}`)
    const {stdout} = this.ports
    const text = result.path === null ? contentLines(result, stdout) : `${packedLines(result, stdout)}${result.path}\n`
    return this.show(result, text)
  }
}
