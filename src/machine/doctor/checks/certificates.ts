import {X509Certificate} from 'node:crypto'
import {readFile} from 'node:fs/promises'

import {errorReason} from '@apkg/command-kit'

import type {Check} from '../check.js'
import {ok, problem, type Finding} from '../finding.js'

export const certificatesCheck: Check = {
  name: 'certificates',
  title: 'Certificates',
  async run({env}) {
    const findings = [...unchecked(env), ...(await furtherCertificates(env['NODE_EXTRA_CA_CERTS']))]
    return findings.length > 0 ? findings : [ok('the default certificate authorities of Node.js')]
  },
}

function unchecked(env: NodeJS.ProcessEnv): Finding[] {
  if (env['NODE_TLS_REJECT_UNAUTHORIZED'] !== '0') return []
  const message = 'NODE_TLS_REJECT_UNAUTHORIZED=0 turns off certificate verification'
  return [
    problem(
      message,
      'run `unset NODE_TLS_REJECT_UNAUTHORIZED`, and use NODE_EXTRA_CA_CERTS to trust more certificates',
    ),
  ]
}

function isCertificate(text: string): boolean {
  try {
    new X509Certificate(text)
    return true
  } catch {
    return false
  }
}

/** Node.js reports an unusable file only by an inconspicuous warning. */
async function furtherCertificates(file = ''): Promise<Finding[]> {
  if (file === '') return []
  const fix = 'set NODE_EXTRA_CA_CERTS to a file of certificates in PEM format'
  try {
    const text = await readFile(file, 'latin1')
    const certificates = text.match(/-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----/g) ?? []
    if (certificates.length === 0) return [problem(`NODE_EXTRA_CA_CERTS: ${file} contains no certificates`, fix)]
    if (!certificates.every(isCertificate))
      return [problem(`NODE_EXTRA_CA_CERTS: ${file} contains an invalid certificate`, fix)]
    return [ok(`${file} and the default certificate authorities of Node.js`)]
  } catch (error) {
    return [problem(`NODE_EXTRA_CA_CERTS: ${file} cannot be read: ${errorReason(error)}`, fix)]
  }
}
