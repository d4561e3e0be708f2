import {printable, timesOn, type Screen} from '@apkg/command-kit'
import {table} from '@apkg/command-kit/table'

import type {PublishingRequirement} from '../../account/trusted-publishing/require-publishing.js'
import type {TrustedPublisher} from '../../account/trusted-publishing/trusted-publisher.js'
import {day} from '../day.js'

const titles = ['PACKAGE', 'PUBLISHER', 'WORKFLOW', 'EVENTS', 'CLAIMS', 'STATUS', 'CREATED', 'LAST USED', 'ID']

/** Claims that the name of a publisher already shows. */
const named = new Set(['repository', 'project_path'])

/**
 * The table of trusted publishers. Terminals get relative times; other outputs get full times and tab-separated fields.
 */
export function publisherTable(publishers: readonly TrustedPublisher[], screen: Screen, now: Date): string {
  const time = timesOn(screen, now)
  const rows = publishers.map(({name, workflow, events, claims, status, createdAt, lastUsedAt, id, ...rest}) => [
    rest.package,
    name,
    workflow ?? '-',
    events?.join(',') ?? '-',
    otherClaims(claims) || '-',
    status,
    time(createdAt),
    lastUsedAt ? time(lastUsedAt) : 'never',
    id,
  ])
  return table(
    titles,
    rows.map((row) => row.map(printable)),
    screen,
    ['CLAIMS', 'EVENTS', 'CREATED', 'LAST USED', 'WORKFLOW'],
  )
}

function otherClaims(claims: TrustedPublisher['claims']): string {
  return Object.entries(claims)
    .filter(([claim]) => !named.has(claim))
    .map(([claim, value]) => `${claim}=${value}`)
    .join(',')
}

/** The publisher that was added, what its jobs need, and when it expires if no job uses it. */
export function addedPublisherNotes(publisher: TrustedPublisher, registry: string): string {
  const {name, workflow, pendingUntil} = publisher
  const jobs = workflow === null ? printable(name) : `${printable(name)}, ${printable(workflow)}`
  return [
    `Added trusted publisher for ${printable(publisher.package)}: ${jobs}`,
    `Its jobs need an ID token with the audience ${registry}. On GitHub, add the permission \`id-token: write\`.`,
    ...(pendingUntil === null ? [] : [`It expires on ${day(printable(pendingUntil))} unless a job uses it first.`]),
  ].join('\n')
}

export function requirementNote(scopes: readonly string[]): string {
  return `Only trusted publishers can change ${scopes.map(printable).join(', ')}.`
}

export function requiredNote({package: scope, required}: PublishingRequirement): string {
  return required
    ? `Only trusted publishers can now change ${scope}`
    : `Logins and API tokens can change ${scope} again`
}
