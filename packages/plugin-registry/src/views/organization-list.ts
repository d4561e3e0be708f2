import {printable, type Screen} from '@apkg/command-kit'
import {table} from '@apkg/command-kit/table'

import type {OrganizationSummary} from '../operator/organization-summary.js'

/** A row per member: organization, user, role. An organization without members has one row. */
export function organizationList(organizations: readonly OrganizationSummary[], screen: Screen): string {
  const rows = organizations.flatMap(({name, members}) =>
    members.length > 0 ? members.map((member) => [name, member.name, member.role]) : [[name, '-', '-']],
  )
  return table(
    ['ORGANIZATION', 'USER', 'ROLE'],
    rows.map((row) => row.map(printable)),
    screen,
  )
}
