import {blobsFlag, placeFlags} from '../../operator/flags.js'
import {OperatorCommand} from '../../operator/operator-command.js'
import {recoverRegistry, type RecoverySummary} from '../../operator/recover-registry.js'
import {recoveryNote} from '../../views/recovery.js'

export default class RegistryRecovered extends OperatorCommand<RecoverySummary> {
  static override readonly summary = 'Accept a database that was rolled back.'
  static override readonly description = `A registry refuses all requests if its database is older than what it last served, for example because registry.db was replaced with an old copy. Otherwise, credentials that were revoked since then would work again. If the newer database is lost, this command accepts the older one.

All sessions are revoked, and all tokens are suspended until you run \`apkg registry token resume\`. A running registry serves requests again within a second. Does nothing if the database is up to date.`
  static override readonly examples = ['<%= config.bin %> <%= command.id %> --data /var/lib/apkg-registry/data']
  static override readonly flags = {...placeFlags, ...blobsFlag}

  async run() {
    const {flags} = await this.parse(RegistryRecovered)
    const result = await recoverRegistry(this.place(flags))
    this.note(recoveryNote(result))
    return this.show(result, '')
  }
}
