import {randomUUID} from 'node:crypto'

import type {FastifyBaseLogger} from 'fastify'

import type {DueWebhook, RegistryStore} from '../store/store.js'
import {eventsOf} from './events.js'
import {webhookMessage} from './payload.js'
import {WebhookSender} from './send.js'
import {signedHeaders, type WebhookSecrets} from './signature.js'

const second = 1000
const minute = 60 * second
const hour = 60 * minute

/** How often to look for events and for tokens that expire soon, in milliseconds. */
const interval = 500
const expiryInterval = 10 * minute

/** The delays before further attempts, as the Standard Webhooks specification recommends: 75 hours in total. */
const delays = [
  5 * second,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
  24 * hour,
] as const

/**
 * How many webhooks are sent at a time. Each is for a different credential, because the events of one are sent in
 * order.
 */
const maxConcurrent = 8

/** The receiver of webhooks. */
export interface WebhookReceiver {
  url: URL
  secrets: WebhookSecrets
}

export interface DelivererOptions extends WebhookReceiver {
  store: Pick<RegistryStore, 'webhooks'>
  /** The URL that clients use. */
  registry: () => string
  /** The `User-Agent` header. */
  agent: string
  isPaused: () => boolean
  clock: () => Date
  log: Pick<FastifyBaseLogger, 'warn' | 'error'>
}

/**
 * Sends the events of the audit log to a receiver in the background, each at least once. The database records which
 * events still have to be sent.
 */
export class WebhookDeliverer {
  readonly #holder = randomUUID()
  readonly #sender: WebhookSender
  readonly #stop = new AbortController()
  /** Deliveries by ID. */
  readonly #running = new Map<number, Promise<void>>()
  #turn: Promise<void> = Promise.resolve()
  #timer: NodeJS.Timeout | undefined
  #lookedForExpiryAt: number | undefined
  #isGone = false

  constructor(private readonly options: DelivererOptions) {
    this.#sender = new WebhookSender(options.url)
  }

  /** Must be called before there can be events that must not be lost. */
  begin(): Promise<void> {
    return this.options.store.webhooks.begin()
  }

  /** Starts looking for events. */
  start(): void {
    this.#timer = setInterval(() => void this.takeTurn(), interval)
  }

  /** Starts sending the events that are due. */
  takeTurn(): Promise<void> {
    return (this.#turn = this.#turn.then(() => this.#work()))
  }

  /** Waits until nothing is being sent. */
  async settle(): Promise<void> {
    await this.#turn
    while (this.#running.size > 0) await Promise.all(this.#running.values()).then(() => this.#turn)
  }

  /** Aborts requests in progress. Their events are sent again after the next start. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    this.#stop.abort()
    await this.settle()
    this.#sender.close()
    await this.options.store.webhooks.release(this.#holder)
  }

  async #work(): Promise<void> {
    const {store, isPaused, clock, log} = this.options
    if (this.#isGone || this.#stop.signal.aborted || isPaused()) return
    try {
      const now = clock().getTime()
      await this.#noteExpiring(now)
      const busy = this.#running.size
      if (busy >= maxConcurrent || !(await store.webhooks.hasWork(busy, now))) return
      const due = await store.webhooks.claim(this.#holder, {eventsOf, limit: maxConcurrent + busy}, now)
      const idle = due.filter(({id}) => !this.#running.has(id))
      for (const each of idle.slice(0, maxConcurrent - busy)) this.#running.set(each.id, this.#deliver(each))
    } catch (error) {
      log.warn({err: error}, 'failed to look for webhooks to send')
    }
  }

  async #noteExpiring(now: number): Promise<void> {
    const last = this.#lookedForExpiryAt
    if (last !== undefined && Math.abs(now - last) < expiryInterval) return
    while ((await this.options.store.webhooks.noteExpiring(this.#holder, now)) > 0);
    this.#lookedForExpiryAt = now
  }

  async #deliver(event: DueWebhook): Promise<void> {
    const {clock, log, registry, secrets, agent} = this.options
    try {
      const message = webhookMessage(event, registry())
      const signed = signedHeaders(message, Math.floor(clock().getTime() / second), secrets)
      const result = await this.#sender.send(message.body, {...signed, 'user-agent': agent}, this.#stop.signal)
      if (!this.#stop.signal.aborted || result.problem === undefined) await this.#record(event, message.id, result)
      // The next event of the credential may be due.
      void this.takeTurn()
    } catch (error) {
      log.warn({err: error, type: event.type}, 'failed to record the delivery of a webhook')
    } finally {
      this.#running.delete(event.id)
    }
  }

  async #record(event: DueWebhook, id: string, result: Awaited<ReturnType<WebhookSender['send']>>): Promise<void> {
    const {store, clock, log} = this.options
    const {problem, isGone, retryAfter} = result
    const now = clock().getTime()
    if (problem === undefined) return store.webhooks.delivered(event, now)
    if (isGone) {
      this.#isGone = true
      log.error(
        {id, type: event.type},
        'the receiver wants no more webhooks (410); none are sent until the registry restarts',
      )
      return
    }
    const delay = delays[event.attempts]
    const facts = {id, type: event.type, attempt: event.attempts + 1, problem}
    if (delay === undefined) {
      log.error(facts, 'gave up on a webhook')
      return store.webhooks.giveUp(event, problem, now)
    }
    log.warn(facts, 'failed to deliver a webhook')
    const spread = 1 + Math.random() / 10
    await store.webhooks.postpone(event, now + Math.max(Math.round(delay * spread), Math.min(retryAfter, 24 * hour)))
  }
}
