import {printable} from '@apkg/command-kit'
import {scopeOf} from '@apkg/package-format'
import {isOrganizationName, isOrganizationScope, maxOrganizationNameLength, type Scope} from '@apkg/wire'
import {Flags} from '@oclif/core'

import {failure} from '../../account/failures.js'

/** The flag of commands that are about tokens of an organization instead of the user's own. */
export function orgFlag(summary: string, helpGroup?: string) {
  return {
    org: Flags.string({
      summary,
      description: 'Requires a login as an admin of the organization.',
      helpValue: '<organization>',
      ...(helpGroup !== undefined && {helpGroup}),
      parse: (text) => Promise.resolve(parseOrganization(text)),
    }),
  }
}

function parseOrganization(text: string): string {
  if (isOrganizationName(text)) return text
  const withoutAt = text.slice(1)
  const name = text.startsWith('@') && isOrganizationName(withoutAt) ? withoutAt : undefined
  const rule = `use its name: 1 to ${maxOrganizationNameLength} lowercase letters, digits and dashes`
  const message = `\`${printable(text)}\` is not a valid organization name`
  throw failure('USAGE', {message, suggestions: [name === undefined ? rule : `use \`--org ${name}\``]})
}

/**
 * The token in use is selected without naming its owner.
 *
 * @throws {ApkgError} `USAGE`
 */
export function assertNotCurrent({current, org}: {current: boolean; org?: string | undefined}): void {
  if (!current || org === undefined) return
  const suggestions = ["remove --org. --current selects the token in use, whether it is yours or an organization's"]
  throw failure('USAGE', {message: '--org cannot be combined with --current', suggestions})
}

/**
 * Checks that a new token is one that an organization can have.
 *
 * @throws {ApkgError} `USAGE` for scopes that concern a user's account, and for packages in other scopes.
 */
export function assertFitsOrganization(
  organization: string,
  {scopes, packages}: {scopes: readonly Scope[]; packages: readonly string[]},
): void {
  const unfitting = scopes.filter((scope) => !isOrganizationScope(scope))
  if (unfitting.length > 0) {
    throw failure('USAGE', {
      message: `A token of an organization cannot have the scope ${unfitting.join(', ')}`,
      suggestions: ['leave the scope out. Admins of the organization manage its tokens after logging in'],
    })
  }
  const foreign = packages.filter((pattern) => scopeOf(pattern) !== `@${organization}`)
  if (foreign.length > 0) {
    throw failure('USAGE', {
      message: `${foreign.join(', ')} is not a package of ${organization}`,
      suggestions: [`use a pattern such as @${organization}/*, or leave --package out`],
    })
  }
}
