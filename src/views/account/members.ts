import {printable, type Screen} from '@apkg/command-kit'
import {table} from '@apkg/command-kit/table'

import type {LeftAccess, Member} from '../../account/organizations/members.js'

/** A row per member: username, role. */
export function memberTable(members: readonly Member[], screen: Screen): string {
  return table(
    ['USER', 'ROLE'],
    members.map(({user, role}) => [user, role].map(printable)),
    screen,
  )
}

/** @param isUnchanged whether the user already had the role. */
export function memberNote(
  {organization, user, role}: {organization: string} & Member,
  {isUnchanged}: {isUnchanged: boolean},
): string {
  const article = role === 'admin' ? 'an' : 'a'
  return `${user} is ${isUnchanged ? 'already' : 'now'} ${article} ${role} of ${organization}`
}

/** What happened to the access that a removed member created, one per line. */
export function removedMemberNotes(
  {organization, user}: {organization: string; user: string},
  {organizationTokens, trustedPublishers}: LeftAccess,
): string {
  return [
    `${user} is no longer a member of ${organization}`,
    ...organizationTokens.map(({id, label, status}) => printable(`  ${shown(status)}: token ${label} (${id})`)),
    ...trustedPublishers.map((each) =>
      printable(`  ${shown(each.status)}: trusted publisher ${each.name} of ${each.package} (${each.id})`),
    ),
  ].join('\n')
}

function shown(status: string): string {
  const words: Record<string, string> = {suspended: 'Suspended', already: 'Already suspended', kept: 'Kept'}
  return (Object.hasOwn(words, status) ? words[status] : undefined) ?? status
}
