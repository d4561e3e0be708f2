import {exitCodes} from '@apkg/command-kit'

import {RoutedCommand} from '../../entry/routed-command.js'
import {installContext} from '../../project/installation/install-context.js'
import {auditSignatures, isSound, type SignatureAudit} from '../../project/verification/audit-signatures.js'
import {withdrawnNote} from '../../views/project/withdrawn.js'
import {signatureAuditWarnings, signatureAuditText} from '../../views/trust/signature-audit.js'

export default class AuditSignatures extends RoutedCommand<SignatureAudit> {
  static override readonly summary = 'Verify the signatures of locked packages against current registry data.'

  static override readonly description = `Finds problems that arose after the install, such as a key that was revoked as compromised. Only signatures are verified; \`apkg verify\` also checks tarballs and installed files.

Exits with code 1 if a signature is invalid, or if the registry no longer has a package. Unsigned packages are listed, but don't cause a failure.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    {
      description: "List the keys that signed the project's packages",
      command: `<%= config.bin %> <%= command.id %> --json | jq -r '[.packages[].signer | values] | unique[]'`,
    },
  ]

  static override readonly auth = 'optional'

  async run(): Promise<SignatureAudit> {
    const {flags} = await this.parse(AuditSignatures)
    const registries = await this.connectAll(flags)
    const result = await auditSignatures(installContext(this.ports, registries))
    this.warning(...signatureAuditWarnings(result))
    if (!isSound(result)) this.endWith(exitCodes.failed)
    for (const note of withdrawnNote(result.status)) this.note(note)
    if (result.packages.length === 0) this.note('No packages to audit.')
    return this.show(result, signatureAuditText(result))
  }
}
