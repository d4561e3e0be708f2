import {ApkgCommand} from '@apkg/command-kit'
import {Args, Flags} from '@oclif/core'

import {restore, type RestoreSummary} from '../../operator/back-up.js'
import {dataFlag} from '../../operator/flags.js'
import {restoreNote} from '../../views/backup.js'

export default class RegistryRestore extends ApkgCommand<RestoreSummary> {
  static override readonly summary = 'Make a registry of a backup, or verify one.'
  static override readonly description = `Reads all of the backup first, and refuses one that is not whole. The data folder has to be empty or absent.

A backup does not know what was revoked after it. So every session ends, and every token is suspended until \`apkg registry token resume\` lets it work again.`
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> /mnt/backups/2026-11-23 --verify',
    '<%= config.bin %> <%= command.id %> /mnt/backups/2026-11-23 --data /var/lib/apkg-registry',
  ]
  static override readonly args = {
    backup: Args.string({
      description: 'A folder that `apkg registry backup` made.',
      required: true,
      ignoreStdin: true,
    }),
  }
  static override readonly flags = {
    verify: Flags.boolean({summary: 'Only read the backup, and end with 1 where it is not whole.'}),
    ...dataFlag,
  }

  async run() {
    const {args, flags} = await this.parse(RegistryRestore)
    const result = await restore({...args, data: flags.data, verifyOnly: flags.verify}, this.ports)
    this.note(restoreNote(result))
    return this.show(result, '')
  }
}
