import {OperatorCommand} from '../../../operator/operator-command.js'
import {type AuditVerification, verifyAudit} from '../../../operator/verify-audit.js'
import {blobsFlag, placeFlags} from '../../../operator/flags.js'
import {auditVerification} from '../../../views/audit-verification.js'

export default class RegistryAuditVerify extends OperatorCommand<AuditVerification> {
  static override readonly summary = "Verify that a registry's audit log was not changed."
  static override readonly description = `Finds entries that were changed, added or deleted, including the newest ones. Exits with code 1 if there are any. Also works while \`apkg registry serve\` is running.

A running registry seals each entry within a second, with an HMAC over its content and the previous entry's HMAC. The key is derived from the secret key of the registry. At startup, once a minute, and when it stops, the registry copies the latest HMAC to \`audit-head.json\`, next to the tarballs.`
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --data /var/lib/apkg-registry/data --json',
  ]
  static override readonly flags = {...placeFlags, ...blobsFlag}

  async run() {
    const {flags} = await this.parse(RegistryAuditVerify)
    const result = await verifyAudit(this.place(flags))
    this.endWith(result.problems.length === 0 ? 0 : 1)
    return this.show(result, auditVerification(result))
  }
}
