import {failure as usage, type Ports} from '@apkg/command-kit'

import {failure} from './failures.js'
import {readPrivateBytes} from './private-file.js'

const variable = 'APKG_REGISTRY_SECRET_KEY'

/** In bytes. */
const keyLength = 32

/**
 * Reads the secret key of a registry on PostgreSQL: 32 bytes, or their base64. It is never created, because several
 * processes need the same one.
 *
 * @param file `--secret-key-file`
 * @throws {ApkgError} `USAGE` if there is none, `REGISTRY_SECRET_KEY_UNUSABLE`. It doesn't repeat the key.
 */
export function readSecretKey(file: string | undefined, {env}: Pick<Ports, 'env'>): Uint8Array {
  const refuse = (reason: string) => failure('REGISTRY_SECRET_KEY_UNUSABLE', {place: file ?? variable, reason})
  const value = env[variable] || undefined
  if (file === undefined && value === undefined) {
    throw usage('USAGE', {
      message: '--database requires the secret key of the registry',
      suggestions: [
        `pass --secret-key-file, or set ${variable}`,
        'for a new registry, create a key: `(umask 077; openssl rand -base64 32 > secret-key)`',
      ],
    })
  }
  const bytes = file === undefined ? Buffer.from(value ?? '') : readPrivateBytes(file, refuse)
  const key = bytes.length === keyLength ? bytes : fromBase64(bytes.toString('utf8').trim())
  if (!key) throw refuse('it must be 32 bytes, or their base64')
  return key
}

function fromBase64(text: string): Uint8Array | undefined {
  const key = Buffer.from(text, 'base64')
  return key.length === keyLength && key.toString('base64') === text ? key : undefined
}
