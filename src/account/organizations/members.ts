import {printable, refusalBehind, type RegistryClient} from '@apkg/command-kit'
import type {OrganizationRole, ProblemCode} from '@apkg/wire'

import {failure} from '../failures.js'
import {orNotOffered} from '../or-not-offered.js'

/** A member of an organization. */
export interface Member {
  /** Username. */
  user: string
  /** `reader`, `publisher` or `admin`. */
  role: string
}

/** The access that a removed member created for the organization. */
export interface LeftAccess {
  /** Tokens of the organization that the user created. */
  organizationTokens: {
    id: string
    label: string
    /** `suspended`, `already` (suspended before), or `kept`. */
    status: string
  }[]
  /** Trusted publishers that the user added. */
  trustedPublishers: {
    id: string
    /** The provider and the project, such as `github:acme/tool`. */
    name: string
    /** A package, or the packages of a scope: `@acme/*`. */
    package: string
    /** `suspended`, `already` (suspended before), or `kept`. */
    status: string
  }[]
}

/** @throws {ApkgError} `NOT_OFFERED`; the errors of the client */
export async function listMembers(client: RegistryClient, organization: string): Promise<Member[]> {
  const {members} = await ifOffered(client, 'list the members of an organization', () =>
    client.call('listMembers', {params: {organization}}),
  )
  return members.map(({user, role}) => ({user, role}))
}

/**
 * Adds a member, or changes a member's role.
 *
 * @returns whether the user already had the role
 * @throws {ApkgError} `NOT_OFFERED`; `BAD_RESPONSE` if the registry stored another role; the errors of the client
 */
export async function setMember(
  client: RegistryClient,
  {organization, user, role}: {organization: string; user: string; role: OrganizationRole},
): Promise<{isUnchanged: boolean}> {
  const purpose = 'add a member to an organization'
  const stored = await ifOffered(client, purpose, () =>
    client.call('setMember', {params: {organization, user}, body: {role}}),
  )
  if (stored.user !== user || stored.role !== role) {
    throw failure('BAD_RESPONSE', {purpose, registry: client.registry, reason: 'it stored something else'})
  }
  return {isUnchanged: stored.outcome === 'unchanged'}
}

/** @throws {ApkgError} `MEMBER_NOT_FOUND`, `NOT_OFFERED`; the errors of the client */
export async function removeMember(
  client: RegistryClient,
  {organization, user}: {organization: string; user: string},
  {keepAccess}: {keepAccess: boolean},
): Promise<LeftAccess> {
  const query = keepAccess ? {keepAccess} : {}
  try {
    const {tokens, trustedPublishers} = await ifOffered(client, 'remove a member from an organization', () =>
      client.call('removeMember', {params: {organization, user}, query}),
    )
    return {
      organizationTokens: tokens.map(({id, name: label, status}) => ({id, label, status})),
      trustedPublishers: trustedPublishers.map(({id, name, package: published, status}) => ({
        ...{id, name, package: published, status},
      })),
    }
  } catch (error) {
    if (!isCode(error, 'MEMBER_UNKNOWN') && !isCode(error, 'USER_UNKNOWN')) throw error
    throw failure('MEMBER_NOT_FOUND', {user: printable(user), organization, registry: client.registry}, {cause: error})
  }
}

function isCode(error: unknown, code: ProblemCode): boolean {
  return refusalBehind(error)?.code === code
}

async function ifOffered<Result>(
  client: RegistryClient,
  purpose: string,
  request: () => Promise<Result>,
): Promise<Result> {
  const suggestion = 'ask the registry operator to change the members, with `apkg registry org`'
  return orNotOffered(client, {purpose, suggestion, unknown: ['USER_UNKNOWN', 'MEMBER_UNKNOWN']}, request)
}
