import {createHash} from 'node:crypto'

import {redactTokenValues} from '@apkg/wire'

import type {DueWebhook} from '../store/store.js'

/** The message for an event, which is the same for each attempt. */
export interface WebhookMessage {
  /** A unique ID. It isn't reused for another event, even after the registry was restored from a backup. */
  id: string
  /** The event as JSON. */
  body: string
}

/** @param registry the URL that clients use */
export function webhookMessage({type, row}: DueWebhook, registry: string): WebhookMessage {
  const {position, mac, at, name, credentialId, address, agent, target, label, detail} = row
  const id = createHash('sha256').update(`${position} ${mac} ${type}`).digest('base64url').slice(0, 24)
  const data = {registry, actor: name, credentialId, address, agent, target, label, detail, audit: {position, mac}}
  const body = JSON.stringify({type, timestamp: new Date(at).toISOString(), data})
  // Clients can send any text as `User-Agent`.
  return {id: `evt_${id}`, body: redactTokenValues(body)}
}
