import {printable, refusalBehind, type RegistryClient} from '@apkg/command-kit'
import {scopeOf} from '@apkg/package-format'

export interface Publisher {
  /** Undefined if the registry doesn't say. */
  username: string | undefined
  /** About the scope of the package, one sentence each. */
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
    const {username, orgs} = await client.call('whoami', {})
    const own = [username, ...(orgs ?? []).map((organization) => organization.name)]
    return {username, warnings: scopeWarnings(scopeOf(name), username, own)}
  } catch (error) {
    if ([403, 404, 405].includes(refusalBehind(error)?.status ?? 0)) return {username: undefined, warnings: []}
    throw error
  }
}

/** @param own the user's name and those of their organizations. */
function scopeWarnings(scope: string, username: string, own: readonly string[]): string[] {
  if (own.some((name) => scope.toLowerCase() === `@${name.toLowerCase()}`)) return []
  return [
    `Scope '${scope}' does not match your username '${printable(username)}'. Publishing will succeed only if you are a member of the '${scope}' organization.`,
  ]
}
