import {closeSync, constants, fstatSync, openSync, readSync} from 'node:fs'

import type {WebhookSecrets} from '../server/webhooks/signature.js'
import {failure} from './failures.js'
import {systemReason} from './system-reason.js'

/** In bytes. */
const maxFileSize = 4096

/** Of a secret, in bytes (Standard Webhooks 1.0). */
const [minLength, maxLength] = [24, 64]

/**
 * Reads the secrets that sign webhooks from a file: `whsec_` and base64, one per line. All of them sign, so that a receiver
 * can change to a new one at any time.
 *
 * @throws {ApkgError} `REGISTRY_WEBHOOK_SECRET_UNUSABLE`. It doesn't repeat the content.
 */
export function readWebhookSecrets(path: string): WebhookSecrets {
  const refuse = (reason: string) => failure('REGISTRY_WEBHOOK_SECRET_UNUSABLE', {path, reason})
  const text = readPrivateFile(path, refuse)
  const lines = text.split(/\r?\n/).map((line) => line.trim())
  const secrets = lines.filter((line) => line !== '').map(parseSecret)
  if (secrets.includes(undefined)) throw refuse('each line must be `whsec_` and the base64 of 24 to 64 bytes')
  const [first, ...others] = secrets as Buffer[]
  if (!first) throw refuse('it is empty')
  return [first, ...others]
}

function readPrivateFile(path: string, refuse: (reason: string) => Error): string {
  let file: number
  try {
    // Opening a FIFO would wait for a writer.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (error) {
    throw refuse(systemReason(error) ?? 'unknown error')
  }
  try {
    const stats = fstatSync(file)
    if (!stats.isFile()) throw refuse('it is not a regular file')
    // Windows has no such modes. A service's group may read the file.
    if (process.platform !== 'win32' && (stats.mode & 0o027) !== 0) throw refuse('other users can read or change it')
    if (stats.size > maxFileSize) throw refuse(`it is larger than ${maxFileSize} bytes`)
    const content = Buffer.alloc(maxFileSize)
    return content.toString('utf8', 0, readSync(file, content))
  } finally {
    closeSync(file)
  }
}

function parseSecret(line: string): Buffer | undefined {
  const encoded = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(line)?.[1]
  if (encoded === undefined) return undefined
  const secret = Buffer.from(encoded, 'base64')
  const isExact = secret.toString('base64').replace(/={1,2}$/, '') === encoded.replace(/={1,2}$/, '')
  return isExact && secret.length >= minLength && secret.length <= maxLength ? secret : undefined
}
