import type {AuditRow} from './audit-log.js'

/** An event of the audit log that is sent as a webhook. */
export interface WebhookEvent {
  type: string
  /** Events of one queue are delivered in order. */
  queue: string
}

/** A sealed row of the audit log, and the label of the token that it is about or that was used. */
export interface SealedRow extends AuditRow {
  /** The row's position in the chain. */
  position: number
  /** The row's HMAC in the chain, base64-encoded. */
  mac: string
  label: string | null
}

/** An event that can be sent. */
export interface DueWebhook {
  /** The ID of the delivery. */
  id: number
  type: string
  queue: string
  /** How many attempts have failed. */
  attempts: number
  row: SealedRow
}

export interface WebhookClaim {
  /** Returns the events for a row. */
  eventsOf: (row: AuditRow) => WebhookEvent[]
  /** How many events to return. */
  limit: number
}

/** Delivers the events of the audit log in the order of its chain. */
export interface WebhookStore {
  /** On the first start, skips all rows that are already sealed. */
  begin(): Promise<void>
  /** Whether there are events to queue, or more than `busy` to send. */
  hasWork(busy: number, now: number): Promise<boolean>
  /**
   * Queues the events of newly sealed rows, a limited number at a time.
   *
   * @param holder the process that takes the lease
   * @returns the events that are due, or none while another process holds the lease
   */
  claim(holder: string, claim: WebhookClaim, now: number): Promise<DueWebhook[]>
  /** Removes an event, so that the next one of its queue is due. */
  delivered(delivery: Pick<DueWebhook, 'id' | 'queue'>, now: number): Promise<void>
  /** Counts a failed attempt. */
  postpone(delivery: Pick<DueWebhook, 'id'>, dueAt: number): Promise<void>
  /** Like `delivered`, and adds a `webhook.give-up` row. @param reason why the last attempt failed */
  giveUp(delivery: DueWebhook, reason: string, now: number): Promise<void>
  /**
   * Adds `token.expiring` rows: for each value of a token, one within 14 days of its expiry and one within 3 days,
   * unless its lifetime is shorter than that.
   *
   * @returns how many were added, at most 100 at a time
   */
  noteExpiring(holder: string, now: number): Promise<number>
  release(holder: string): Promise<void>
}
