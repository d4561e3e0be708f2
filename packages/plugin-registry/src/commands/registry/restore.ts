import {Args, Flags} from '@oclif/core'

import {restore, type RestoreSummary} from '../../operator/backups.js'
import {blobsFlag, placeFlags} from '../../operator/flags.js'
import {onSamePlace} from '../../operator/on-same-place.js'
import {OperatorCommand} from '../../operator/operator-command.js'
import {restoreNote} from '../../views/backup.js'

export default class RegistryRestore extends OperatorCommand<RestoreSummary> {
  static override readonly summary = 'Restore a registry from a backup, or verify a backup.'
  static override readonly description = `Verifies the backup first, and restores nothing if it is damaged. The data directory must be empty or not exist yet. A database must be empty, or only prepared by \`apkg registry migrate\`, and needs the secret key of the backup.

A backup doesn't record which credentials were revoked after it was made. Therefore, all sessions are revoked, and all tokens are suspended until you run \`apkg registry token resume\`.`
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> /mnt/backups/2026-11-23 --verify',
    '<%= config.bin %> <%= command.id %> /mnt/backups/2026-11-23 --data /var/lib/apkg-registry/data',
    '<%= config.bin %> <%= command.id %> /mnt/backups/2026-11-23 --database postgres://apkg@127.0.0.1/apkg --secret-key-file /mnt/backups/2026-11-23/secret.key --blobs s3://packages.example.com/restored',
  ]
  static override readonly args = {
    backup: Args.string({
      description: 'Directory created by `apkg registry backup`.',
      required: true,
      ignoreStdin: true,
    }),
  }
  static override readonly flags = {
    verify: Flags.boolean({summary: 'Verify the backup without restoring it. Exits with code 1 if it is damaged.'}),
    ...placeFlags,
    ...blobsFlag,
  }

  async run() {
    const {args, flags} = await this.parse(RegistryRestore)
    const result = await restore({...args, verifyOnly: flags.verify}, this.place(flags))
    this.success(onSamePlace(restoreNote(result), flags))
    return this.show(result, '')
  }
}
