import {printable} from '@apkg/command-kit'

import type {OrganisationSummary} from '../operator/organisation-summary.js'

/** A line a member, its fields separated by tabs: organisation, user, role. One without members is a line of its own. */
export function organisationList(organisations: readonly OrganisationSummary[]): string {
  return organisations
    .flatMap(({name, members}) =>
      members.length > 0 ? members.map((member) => [name, member.name, member.role]) : [[name, '-', '-']],
    )
    .map((fields) => `${fields.map(printable).join('\t')}\n`)
    .join('')
}
