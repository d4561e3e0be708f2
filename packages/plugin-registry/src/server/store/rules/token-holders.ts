import {rolesWith} from '../organization-rights.js'
import {first, type Step} from '../port.js'
import type {TokenHolder, TokenReach} from '../store.js'
import {tables} from './tables.js'

/** Selects the tokens of a user or an organization. Tokens of organizations don't belong to the user who created them. */
export function tokensOf({kind, id}: TokenHolder) {
  const tokens = tables.selectFrom('tokens')
  return kind === 'organization'
    ? tokens.where('tokens.organization_id', '=', id)
    : tokens.where('tokens.user_id', '=', id).where('tokens.organization_id', 'is', null)
}

/** Selects the tokens that a request can select. The transaction checks the role, which the user may have lost. */
export function tokensWithin(reach: TokenReach) {
  if (reach.kind === 'itself') return tables.selectFrom('tokens').where('tokens.id', '=', reach.tokenId)
  if (reach.kind === 'own') return tokensOf({kind: 'user', id: reach.userId})
  const managed = managedBy(reach.userId).select('members.organization_id')
  return tables
    .selectFrom('tokens')
    .where((row) =>
      row.or([
        row.and([row('tokens.user_id', '=', reach.userId), row('tokens.organization_id', 'is', null)]),
        row('tokens.organization_id', 'in', managed),
      ]),
    )
}

/** Finds an organization if a user is an admin of it. */
export function findManaged(organizationId: string, userId: string): Step<{name: string} | undefined> {
  return first(
    managedBy(userId)
      .innerJoin('organizations', 'organizations.id', 'members.organization_id')
      .select('organizations.name')
      .where('members.organization_id', '=', organizationId),
  )
}

function managedBy(userId: string) {
  return tables
    .selectFrom('members')
    .where('members.user_id', '=', userId)
    .where('members.role', 'in', rolesWith('manage'))
}
