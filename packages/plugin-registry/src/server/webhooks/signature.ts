import {createHmac} from 'node:crypto'

/** The secrets that sign webhooks. During a rotation, there is more than one. */
export type WebhookSecrets = readonly [Uint8Array, ...Uint8Array[]]

/**
 * The headers of a webhook, as in the Standard Webhooks specification 1.0.
 *
 * @param seconds the time of sending, in seconds since 1970
 */
export function signedHeaders(
  {id, body}: {id: string; body: string},
  seconds: number,
  secrets: WebhookSecrets,
): Record<string, string> {
  const content = `${id}.${seconds}.${body}`
  const signatures = secrets.map((secret) => `v1,${createHmac('sha256', secret).update(content).digest('base64')}`)
  return {
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': signatures.join(' '),
  }
}
