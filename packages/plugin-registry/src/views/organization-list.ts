import {printable} from '@apkg/command-kit'
import {table} from '@apkg/command-kit/table'

import type {OrganizationSummary} from '../operator/organization-summary.js'

/** A row a member: organization, user, role. One without members is a row of its own. */
export function organizationList(organizations: readonly OrganizationSummary[], screen: {isTerminal: boolean}): string {
  const rows = organizations.flatMap(({name, members}) =>
    members.length > 0 ? members.map((member) => [name, member.name, member.role]) : [[name, '-', '-']],
  )
  return table(
    ['ORGANIZATION', 'USER', 'ROLE'],
    rows.map((row) => row.map(printable)),
    screen,
  )
}
