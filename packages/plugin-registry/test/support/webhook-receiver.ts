import {createHmac} from 'node:crypto'
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'
import {text} from 'node:stream/consumers'
import {setTimeout as sleep} from 'node:timers/promises'

import type {CleanupScope} from './world.js'

export const webhookSecret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'

export interface ReceivedWebhook {
  id: string
  seconds: number
  headers: IncomingMessage['headers']
  text: string
  type: string
  timestamp: string
  data: Record<string, any>
}

export type WebhookAnswer = (response: ServerResponse, webhook: ReceivedWebhook) => void

export const status =
  (code: number, headers: Record<string, string> = {}): WebhookAnswer =>
  (response) => {
    response.writeHead(code, headers).end()
  }

/** Never answers. */
export const silence: WebhookAnswer = () => undefined

/** A server that records the webhooks it gets, in the order in which it gets them. */
export interface WebhookReceiver {
  url: string
  received: ReceivedWebhook[]
  /** By default, 204. */
  answer: WebhookAnswer
  /** Waits until at least so many have arrived. */
  until(count: number): Promise<void>
}

export async function startReceiver(t: CleanupScope): Promise<WebhookReceiver> {
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const webhook = {
        id: String(request.headers['webhook-id']),
        seconds: Number(request.headers['webhook-timestamp']),
        headers: request.headers,
        text: body,
        ...(JSON.parse(body) as Pick<ReceivedWebhook, 'type' | 'timestamp' | 'data'>),
      }
      receiver.received.push(webhook)
      receiver.answer(response, webhook)
    })
  })
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const receiver: WebhookReceiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`,
    received: [],
    answer: status(204),
    async until(count) {
      while (receiver.received.length < count) await sleep(10)
    },
  }
  return receiver
}

/** The signature that a receiver computes (Standard Webhooks 1.0). */
export function expectedSignature({headers, text: body}: ReceivedWebhook, secret = webhookSecret): string {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  const signed = [headers['webhook-id'], headers['webhook-timestamp'], body].join('.')
  return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`
}
