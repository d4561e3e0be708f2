import type {Selectable} from 'kysely'

import {hasRoleRight} from '../organization-rights.js'
import {scopeHolder} from '../package-rights.js'
import {all, first, type Port, type Rule, run, type Step, statement, together} from '../port.js'
import {projectKeyOf, projectIdKeyOf, publisherName} from '../publisher-project.js'
import type {Schema} from '../schema.js'
import type {Actor, PublisherDraft, Role, SessionCredential, TrustedPublisher, TrustedPublisherStore} from '../store.js'
import {recordChange} from './audit.js'
import {toJson} from './json-columns.js'
import {findLive} from './package-authority.js'
import {tables} from './tables.js'

export type PublisherRow = Selectable<Schema['trusted_publishers']>

/** How long a publisher stays pending without an exchange, in milliseconds. */
const pendingPeriod = 7 * 24 * 60 * 60_000

const maxPublishersOfScope = 100

// `id` is the ID of the user or the organization.
const findScope = statement<{id: string; role: Role | 'owner' | null; since: number | null}>(`
  SELECT coalesce(o.id, u.id) AS id, n.trusted_publishing_since AS since,
    CASE WHEN u.id = ?2 THEN 'owner' ELSE m.role END AS role
  FROM names n
  LEFT JOIN users u ON u.name = n.name AND u.removed_at IS NULL
  LEFT JOIN organizations o ON o.name = n.name
  LEFT JOIN members m ON m.organization_id = o.id AND m.user_id = ?2
  WHERE n.name = ?1`)

const findScopesOf = statement<{name: string; role: Role | 'owner'; since: number | null}>(`
  SELECT n.name, 'owner' AS role, n.trusted_publishing_since AS since FROM users u JOIN names n ON n.name = u.name
  WHERE u.id = ?1
  UNION ALL
  SELECT n.name, m.role, n.trusted_publishing_since FROM members m
    JOIN organizations o ON o.id = m.organization_id JOIN names n ON n.name = o.name
  WHERE m.user_id = ?1
  ORDER BY 1`)

type Scope = NonNullable<ReturnType<typeof findScope>['row']>

/** Finds a scope, if the session is valid and its user manages the scope. */
function* managedScope(holder: string, session: SessionCredential, now: number): Rule<Scope | 'changed' | 'forbidden'> {
  const [live, scope] = yield* together([findLive(session, now), first(findScope(holder, session.owner.id))])
  if (live === undefined) return 'changed'
  return scope && hasRoleRight(scope.role ?? undefined, 'manage') ? scope : 'forbidden'
}

function publishersOf(scopes: readonly string[]): Step<(PublisherRow & {creator: string})[]> {
  return all(
    tables
      .selectFrom('trusted_publishers')
      .innerJoin('users', 'users.id', 'trusted_publishers.created_by')
      .selectAll('trusted_publishers')
      .select('users.name as creator')
      .where('scope', 'in', scopes)
      .where('trusted_publishers.removed_at', 'is', null)
      .orderBy('trusted_publishers.created_at')
      .orderBy('trusted_publishers.id'),
  )
}

type Management = Pick<TrustedPublisherStore, 'add' | 'list' | 'remove' | 'require'>

export function createTrustedPublishers(port: Port): Management {
  return {
    add: (draft, session, by, now) =>
      port.write(
        function* () {
          const holder = scopeHolder(draft.package)
          const scope = yield* managedScope(holder, session, now)
          if (typeof scope === 'string') return scope
          const present = yield* publishersOf([holder])
          const row = toRow(draft, {holder, createdBy: session.owner.id, now})
          const same = present.find(({identity}) => identity === row.identity)
          if (same && !isInactive(same, now)) return 'exists'
          if (!same && present.length >= maxPublishersOfScope) return 'limit-reached'
          if (same) yield* removeRow(same.id, now)
          const detail = {...describe(draft), ...(same && {replaces: same.id})}
          yield* together([
            run(tables.insertInto('trusted_publishers').values(row)),
            recordChange({at: now, action: 'trusted-publisher.add', by, target: draft.id, detail}),
          ])
          return {
            ...draft,
            ...{createdAt: now, createdBy: session.owner.name, pendingUntil: row.pending_until},
            ...{pinnedAt: null, lastUsedAt: null, suspendedAt: null},
          }
        },
        {ifTaken: 'exists'},
      ),

    list: (userId) =>
      port.read(function* () {
        const scopes = (yield* all(findScopesOf(userId))).filter(({role}) => hasRoleRight(role, 'manage'))
        const rows = yield* publishersOf(scopes.map(({name}) => name))
        const required = scopes.filter(({since}) => since !== null).map(({name}) => `@${name}/*`)
        return {publishers: rows.map(toPublisher), required}
      }),

    remove: (id, session, by, now) =>
      port.write(function* () {
        const row = yield* first(
          tables.selectFrom('trusted_publishers').selectAll().where('id', '=', id).where('removed_at', 'is', null),
        )
        if (!row) return 'unknown'
        const scope = yield* managedScope(row.scope, session, now)
        if (scope === 'changed') return scope
        // Don't reveal which publishers other scopes have.
        if (scope === 'forbidden') return 'unknown'
        const detail = describe(toRequirement(row))
        yield* together([
          removeRow(id, now),
          recordChange({at: now, action: 'trusted-publisher.remove', by, target: id, detail}),
        ])
        return 'removed'
      }),

    require: ({scope: holder, required}, session, by, now) =>
      port.write(function* () {
        const scope = yield* managedScope(holder, session, now)
        if (typeof scope === 'string') return scope
        if ((scope.since !== null) === required) return 'done'
        yield* together([requireIn(holder, required ? now : null), recordRequirement(holder, scope, required, by, now)])
        return 'done'
      }),
  }
}

function requireIn(holder: string, since: number | null): Step<number> {
  return run(tables.updateTable('names').set({trusted_publishing_since: since}).where('name', '=', holder))
}

function recordRequirement(holder: string, {id}: Scope, required: boolean, by: Actor, now: number): Step<number> {
  const detail = {package: `@${holder}/*`, required}
  return recordChange({at: now, action: 'trusted-publisher.require', by, target: id, detail})
}

function removeRow(id: string, now: number): Step<number> {
  return run(tables.updateTable('trusted_publishers').set({removed_at: now}).where('id', '=', id))
}

/** Suspends all publishers after a restore. Their tokens are refused from then on. */
export function suspendPublishers(now: number): Step<number> {
  return run(
    tables
      .updateTable('trusted_publishers')
      .set({suspended_at: now})
      .where('removed_at', 'is', null)
      .where('suspended_at', 'is', null),
  )
}

/** Whether a publisher is suspended or expired, so that adding it again replaces it. */
function isInactive({suspended_at, pending_until}: PublisherRow, now: number): boolean {
  return suspended_at !== null || (pending_until !== null && pending_until <= now)
}

function toRow(draft: PublisherDraft, {holder, createdBy, now}: {holder: string; createdBy: string; now: number}) {
  const {id, package: published, provider, issuer, claims, workflow, events} = draft
  const projectId = projectIdKeyOf(draft)
  return {
    id,
    scope: holder,
    package: published,
    provider,
    issuer,
    claims: JSON.stringify(claims),
    workflow,
    events: toJson(events ?? undefined),
    identity: identityOf(draft),
    project: projectKeyOf(draft),
    project_number: projectId,
    created_at: now,
    created_by: createdBy,
    pending_until: provider === 'oidc' || projectId !== null ? null : now + pendingPeriod,
  }
}

/** A key that is equal for publishers with equal requirements. */
function identityOf({package: published, provider, issuer, claims, workflow, events}: PublisherDraft): string {
  return JSON.stringify([published, provider, issuer, Object.entries(claims).sort(), workflow, events?.toSorted()])
}

export function toRequirement(row: PublisherRow): PublisherDraft {
  return {
    id: row.id,
    package: row.package,
    provider: row.provider,
    issuer: row.issuer,
    claims: JSON.parse(row.claims) as Record<string, string>,
    workflow: row.workflow,
    events: row.events === null ? null : (JSON.parse(row.events) as string[]),
  }
}

function toPublisher(row: PublisherRow & {creator: string}): TrustedPublisher {
  return {
    ...toRequirement(row),
    createdAt: row.created_at,
    createdBy: row.creator,
    pinnedAt: row.pinned_at,
    pendingUntil: row.pending_until,
    lastUsedAt: row.last_used_at,
    suspendedAt: row.suspended_at,
  }
}

/** A publisher as the audit log records it. */
export function describe(publisher: PublisherDraft): Record<string, unknown> {
  const {package: published, issuer, claims, workflow, events} = publisher
  return {publisher: publisherName(publisher), package: published, issuer, claims, workflow, events}
}
