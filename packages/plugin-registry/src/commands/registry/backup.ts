import {Args} from '@oclif/core'

import {backUp, type BackupSummary} from '../../operator/backups.js'
import {blobsFlag, placeFlags} from '../../operator/flags.js'
import {OperatorCommand} from '../../operator/operator-command.js'
import {backupContent} from '../../views/backup.js'

export default class RegistryBackup extends OperatorCommand<BackupSummary> {
  static override readonly summary = 'Back up a registry.'
  static override readonly description =
    "Takes a consistent snapshot, even while `apkg registry serve` is accepting uploads. The backup includes the registry's private key, so protect it like the registry itself. It has the same form for a data directory and for a database, and can be restored to either."
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> /mnt/backups/2026-11-23',
    '<%= config.bin %> <%= command.id %> /mnt/backups/2026-11-23 --data /var/lib/apkg-registry/data --json',
    '<%= config.bin %> <%= command.id %> /mnt/backups/2026-11-23 --database postgres://apkg@127.0.0.1/apkg --secret-key-file secret-key --blobs s3://packages.example.com/registry',
  ]
  static override readonly args = {
    backup: Args.string({
      description: 'Directory to write the backup to. It must be empty or not exist yet.',
      required: true,
      ignoreStdin: true,
    }),
  }
  static override readonly flags = {...placeFlags, ...blobsFlag}

  async run() {
    const {args, flags} = await this.parse(RegistryBackup)
    const result = await backUp(args.backup, this.place(flags))
    this.success(`Backed up ${backupContent(result)} to ${result.backup}`)
    return this.show(result, '')
  }
}
