import {type AuditEntry, auditEntry} from '../../operator/audit-entry.js'
import {idsOfCredential} from '../../operator/audited-credential.js'
import {auditFilter, auditFlags} from '../../operator/audit-flags.js'
import {placeFlags} from '../../operator/flags.js'
import {OperatorCommand} from '../../operator/operator-command.js'
import {withStore} from '../../operator/with-store.js'
import {auditLog} from '../../views/audit-log.js'

/** Entries in the audit log. */
export interface RegistryAuditResult {
  /** The matching entries, newest first. */
  entries: AuditEntry[]
}

export default class RegistryAudit extends OperatorCommand<RegistryAuditResult> {
  static override readonly summary = "Show a registry's audit log, newest entries first."
  static override readonly description = `Also works while \`apkg registry serve\` is running. Shows only entries that match all filters.

On a terminal, prints a table. Otherwise, prints one entry per line, with tab-separated fields: time, actor, action, address, target, target name, credential, user agent, details.`
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> --since 7d --action login.fail',
    '<%= config.bin %> <%= command.id %> --user ada --action token.',
    {
      description: 'Show what a token did, and where its old values are still used',
      command: '<%= config.bin %> <%= command.id %> --credential 4h455vb4',
    },
    {
      description: 'Show all changes to a package',
      command: '<%= config.bin %> <%= command.id %> --target @acme/tool --limit 100000 --json',
    },
  ]
  static override readonly flags = {...auditFlags, ...placeFlags}

  async run() {
    const {flags} = await this.parse(RegistryAudit)
    const filter = auditFilter(flags, this.ports.now())
    const rows = await withStore(this.place(flags), async (store) => {
      const credential = flags.credential === undefined ? undefined : await idsOfCredential(store, flags.credential)
      return store.audit.latest(flags.limit, {...filter, credential})
    })
    const result = {entries: rows.map(auditEntry)}
    if (rows.length === 0) this.note('No matching entries')
    return this.show(result, auditLog(result.entries, this.ports.stdout, this.ports.now()))
  }
}
