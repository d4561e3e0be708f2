import {exitCodes, RegistryCommand} from '@apkg/command-kit'

import {installContext} from '../../project/installation/install-context.js'
import {auditSignatures, isSound, type SignatureAudit} from '../../project/verification/audit-signatures.js'
import {signatureAuditWarnings, signatureAuditText} from '../../views/trust/signature-audit.js'

export default class AuditSignatures extends RegistryCommand<SignatureAudit> {
  static override readonly summary = 'Check the signatures of all locked packages against what the registry says now.'

  static override readonly description = `Finds what an install at an earlier time could not know: that a key was revoked since. It looks at signatures only; \`apkg verify\` looks at tarballs and installed files too.

Exit code 1 where a signature does not hold, or the registry does not have a package any more; packages without signatures are listed, and are no failure.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    {
      description: 'The keys that a project relies on:',
      command: `<%= config.bin %> <%= command.id %> --json | jq -r '[.packages[].signer | values] | unique[]'`,
    },
  ]

  static override readonly auth = 'optional'

  async run(): Promise<SignatureAudit> {
    const {flags} = await this.parse(AuditSignatures)
    const {client} = await this.connect(flags)
    const result = await auditSignatures(installContext(this.ports, client))
    this.warning(...signatureAuditWarnings(result))
    if (!isSound(result)) this.endWith(exitCodes.failed)
    if (result.packages.length === 0) this.note('No packages to audit.')
    return this.show(result, signatureAuditText(result))
  }
}
