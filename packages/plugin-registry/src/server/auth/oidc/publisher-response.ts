import type {TrustedPublisher as TrustedPublisherResponse} from '../../http/openapi/index.js'
import {publisherName} from '../../store/publisher-project.js'
import type {TrustedPublisher} from '../../store/store.js'

/** A trusted publisher in the form that clients receive. */
export function publisherResponse(publisher: TrustedPublisher, now: Date): TrustedPublisherResponse {
  const {id, package: published, provider, issuer, claims, workflow, events, createdBy} = publisher
  return {
    ...{id, name: publisherName(publisher), package: published, provider, issuer, claims: {...claims}},
    workflow,
    events: events && [...events],
    status: statusOf(publisher, now.getTime()),
    createdAt: new Date(publisher.createdAt).toISOString(),
    createdBy,
    pinnedAt: timeOf(publisher.pinnedAt),
    pendingUntil: timeOf(publisher.pendingUntil),
    lastUsedAt: timeOf(publisher.lastUsedAt),
  }
}

function timeOf(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString()
}

function statusOf({suspendedAt, pendingUntil}: TrustedPublisher, now: number): TrustedPublisherResponse['status'] {
  if (suspendedAt !== null) return 'suspended'
  if (pendingUntil === null) return 'active'
  return pendingUntil <= now ? 'expired' : 'pending'
}
