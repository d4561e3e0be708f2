import {databaseFlags} from '../../operator/flags.js'
import {OperatorCommand} from '../../operator/operator-command.js'

/** The migrations of the database. */
export interface RegistryMigrateResult {
  /** The names of the migrations that were applied, in order; empty if the database was up to date. */
  migrations: string[]
}

export default class RegistryMigrate extends OperatorCommand<RegistryMigrateResult> {
  static override readonly summary = "Create or update a registry's tables in a PostgreSQL database."
  static override readonly description = `Run it before you start the first server, and before you start servers of a new version. Servers of the previous version can keep running. Does nothing if the database is up to date.

Create the secret key first: \`(umask 077; openssl rand -base64 32 > secret-key)\`. From then on, the database only works with this key.

The role needs permission to create tables. The role of \`apkg registry serve\` only needs to read and change rows. A data directory is migrated by \`apkg registry serve\` itself.`
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> --database postgres://apkg@127.0.0.1/apkg --secret-key-file secret-key',
  ]
  static override readonly flags = databaseFlags

  async run() {
    const {flags} = await this.parse(RegistryMigrate)
    const {migrateDatabase} = await import('../../operator/open-database.js')
    const migrations = await migrateDatabase(this.place(flags))
    if (migrations.length === 0) this.note('The database is up to date')
    else this.success(`Migrated the database: ${migrations.join(', ')}`)
    return this.show({migrations}, '')
  }
}
