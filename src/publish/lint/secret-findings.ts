import type {PackageFile} from '@apkg/package-format/conversion'
import {finding, type Finding} from '@apkg/package-format/lint'

import {findSecrets} from '../packing/find-secrets.js'

/** Finds tokens and private keys. The findings don't contain them. */
export async function secretFindings(files: readonly PackageFile[]): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const {path, content} of files) {
    const secrets = await findSecrets(path, content)
    findings.push(...secrets.map(({line, kind}) => finding('secret', path, `Contains ${kind}`, {line, column: 1})))
  }
  return findings
}
