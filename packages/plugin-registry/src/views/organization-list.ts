import {printable} from '@apkg/command-kit'
import {table} from '@apkg/command-kit/table'

import type {OrganisationSummary} from '../operator/organisation-summary.js'

/** A row a member: organisation, user, role. One without members is a row of its own. */
export function organisationList(organisations: readonly OrganisationSummary[], screen: {isTerminal: boolean}): string {
  const rows = organisations.flatMap(({name, members}) =>
    members.length > 0 ? members.map((member) => [name, member.name, member.role]) : [[name, '-', '-']],
  )
  return table(
    ['ORGANISATION', 'USER', 'ROLE'],
    rows.map((row) => row.map(printable)),
    screen,
  )
}
