import {printable, refusalBehind, type RegistryClient} from '@apkg/command-kit'
import {scopeOf} from '@apkg/package-format'

import {type JobSource, jobSourceFromWire} from '../../account/trusted-publishing/job-source.js'

export interface Publisher {
  /** The organization, if the credential is a token of one. Undefined if the registry doesn't say. */
  username: string | undefined
  /** Whether the credential is a token of an organization, which has no signing keys. */
  isOrganization: boolean
  /** The CI job. Undefined if a user publishes. */
  job: JobSource | undefined
  /** Warnings about the scope of the package, one sentence each. */
  warnings: string[]
}

/**
 * Fetches the publisher, so that an invalid credential is noticed before a package is sent.
 *
 * @param name of the package.
 * @throws {ApkgError} the errors of the client.
 */
export async function publisherOf(client: RegistryClient, name: string): Promise<Publisher> {
  try {
    const {username, organization, orgs, credential} = await client.call('whoami', {})
    const origin = credential?.trustedPublisher?.origin
    if (origin) return {username, isOrganization: false, job: jobSourceFromWire(origin), warnings: []}
    if (organization) {
      const warnings = organizationWarnings(scopeOf(name), organization)
      return {username: organization, isOrganization: true, job: undefined, warnings}
    }
    const own = [username, ...(orgs ?? []).map((each) => each.name)]
    return {username, isOrganization: false, job: undefined, warnings: scopeWarnings(scopeOf(name), username, own)}
  } catch (error) {
    if ([403, 404, 405].includes(refusalBehind(error)?.status ?? 0))
      return {username: undefined, isOrganization: false, job: undefined, warnings: []}
    throw error
  }
}

function organizationWarnings(scope: string, organization: string): string[] {
  if (scope.toLowerCase() === `@${organization.toLowerCase()}`) return []
  return [`The token belongs to ${printable(organization)}, so it can only publish in '@${printable(organization)}'.`]
}

/** @param own the scopes of the user and of their organizations */
function scopeWarnings(scope: string, username: string, own: readonly string[]): string[] {
  if (own.some((name) => scope.toLowerCase() === `@${name.toLowerCase()}`)) return []
  return [
    `Scope '${scope}' does not match your username '${printable(username)}'. Publishing will succeed only if you are a member of the '${scope}' organization.`,
  ]
}
