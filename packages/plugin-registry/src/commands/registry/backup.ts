import {ApkgCommand} from '@apkg/command-kit'
import {Args} from '@oclif/core'

import {backUp, type BackupSummary} from '../../operator/back-up.js'
import {dataFlag} from '../../operator/flags.js'
import {pluginVersion} from '../../operator/plugin-version.js'
import {backupContent} from '../../views/backup.js'

export default class RegistryBackup extends ApkgCommand<BackupSummary> {
  static override readonly summary = 'Copy a registry into a folder, as of one moment.'
  static override readonly description =
    'Works beside a running `apkg registry serve`, which goes on taking publishes. The backup holds the key of the registry too: keep it as safe as the registry.'
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> /mnt/backups/2026-11-23',
    '<%= config.bin %> <%= command.id %> /mnt/backups/2026-11-23 --data /var/lib/apkg-registry --json',
  ]
  static override readonly args = {
    backup: Args.string({
      description: 'A folder that is empty, or is to be made.',
      required: true,
      ignoreStdin: true,
    }),
  }
  static override readonly flags = dataFlag

  async run() {
    const {args, flags} = await this.parse(RegistryBackup)
    const result = await backUp({...args, data: flags.data, version: pluginVersion(this.config)}, this.ports)
    this.note(`Backed up ${backupContent(result)} to ${result.backup}`)
    return this.show(result, '')
  }
}
