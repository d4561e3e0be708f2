import {Flags} from '@oclif/core'

import {confirm} from '../../operator/confirm.js'
import {blobsFlag, databaseUrl, parseBlobs, placeFlags, yesFlag} from '../../operator/flags.js'
import {cancelMoveOf, moveRegistry, type MoveSummary} from '../../operator/move-registry.js'
import {OperatorCommand} from '../../operator/operator-command.js'
import {moveNote, moveQuestion} from '../../views/move.js'

export default class RegistryMove extends OperatorCommand<MoveSummary> {
  static override readonly summary = 'Move a registry between a data directory and PostgreSQL.'
  static override readonly description = `Copies the tarballs while the registry is served. Then it asks for confirmation, and the registry responds with 503 while its rows are copied, in one transaction. Afterwards, servers of the old place keep responding with 503, and the new place can be served. Sessions and tokens stay valid. Without a terminal, pass --yes.

If it is interrupted, run it again with the same flags. To serve the old place again instead, pass --cancel.`
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> --data /var/lib/apkg-registry/data --to-database postgres://apkg@127.0.0.1/apkg --to-blobs s3://packages.example.com/registry',
    '<%= config.bin %> <%= command.id %> --database postgres://apkg@127.0.0.1/apkg --secret-key-file secret-key --blobs s3://packages.example.com/registry --to-data /var/lib/apkg-registry/data',
  ]
  static override readonly flags = {
    ...placeFlags,
    ...blobsFlag,
    'to-database': Flags.string({
      ...databaseUrl,
      summary: 'Move the registry to this PostgreSQL database. Requires --to-blobs.',
      exclusive: ['to-data'],
    }),
    'to-data': Flags.directory({
      summary: 'Move the registry to this data directory, which must be empty or not exist yet.',
    }),
    'to-blobs': Flags.string({
      summary: 'Store the tarballs in this S3 bucket. With the same one as --blobs, they stay where they are.',
      helpValue: blobsFlag.blobs.helpValue as string,
      parse: (text) => Promise.resolve(parseBlobs(text)),
    }),
    cancel: Flags.boolean({
      summary: 'Serve the old place again, if a move to another one was interrupted.',
      exclusive: ['to-database', 'to-data', 'to-blobs'],
    }),
    ...yesFlag,
  }

  async run() {
    const {flags} = await this.parse(RegistryMove)
    const place = this.place(flags)
    const to = {data: flags['to-data'], database: flags['to-database'], blobs: flags['to-blobs']}
    const agreement = {isAgreed: flags.yes, action: 'The move'}
    const beforeClosing = () =>
      confirm(moveQuestion(flags.data ?? flags.database ?? 'the registry'), agreement, this.ports)
    const result = flags.cancel
      ? await cancelMoveOf(place)
      : await moveRegistry(place, to, {beforeClosing, stderr: this.ports.stderr})
    this.success(moveNote(result, to.blobs))
    return this.show(result, '')
  }
}
