import type {WebhookSecrets} from '../server/webhooks/signature.js'
import {failure} from './failures.js'
import {readPrivateFile} from './private-file.js'

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

function parseSecret(line: string): Buffer | undefined {
  const encoded = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(line)?.[1]
  if (encoded === undefined) return undefined
  const secret = Buffer.from(encoded, 'base64')
  const isExact = secret.toString('base64').replace(/={1,2}$/, '') === encoded.replace(/={1,2}$/, '')
  return isExact && secret.length >= minLength && secret.length <= maxLength ? secret : undefined
}
