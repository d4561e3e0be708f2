import {secretsIn, type SecretFinding} from './secret-scan.js'
import {findTokens} from './token-rules.js'

/**
 * Finds apkg's own secrets, private keys, and tokens of other services.
 *
 * @param file the path of the content, or a name for it.
 */
export async function findSecrets(file: string, content: Uint8Array | string): Promise<SecretFinding[]> {
  const bytes = Buffer.from(content)
  // Secrets are ASCII, so one character per byte will do. UTF-16 has zeros in between.
  const text = bytes.toString('latin1').replaceAll('\0', '')
  const findings = [...secretsIn(bytes), ...(await findTokens(file, text))]
  const unique = new Map(findings.map((each) => [`${each.line} ${each.kind}`, each]))
  return [...unique.values()].sort((a, b) => a.line - b.line)
}
