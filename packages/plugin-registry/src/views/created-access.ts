import {printable, success} from '@apkg/command-kit'

import type {AccessStatus, CreatedAccessOutcome} from '../operator/departure.js'

/** The last line of a dry run. */
export const dryRunEnd = 'Dry run: nothing was changed.'

const words: Record<AccessStatus, string> = {
  suspended: 'Suspended',
  already: 'Already suspended:',
  kept: 'Kept',
  planned: 'Would suspend',
}

/** The access that a user created, one per line, and how to restore what was suspended. Empty if there is none. */
export function createdAccess(access: CreatedAccessOutcome): string[] {
  const {organizationTokens, trustedPublishers} = access
  const lines = namesOf(access).map(({name, status}) => {
    const line = `${words[status]} ${name}`
    return status === 'suspended' ? success(line) : line
  })
  const isSuspended = ({status}: {status: AccessStatus}) => status === 'suspended'
  const token = organizationTokens.find(isSuspended)
  const isPublisherSuspended = trustedPublishers.some(isSuspended)
  return [
    ...lines,
    ...(token
      ? [`To resume a token, an admin can run \`apkg token resume ${token.id} --org ${token.organization}\`.`]
      : []),
    ...(isPublisherSuspended ? ['To resume a trusted publisher, add it again with `apkg trusted-publisher add`.'] : []),
  ]
}

/** A question with the access that would be suspended, one per line. */
export function withSuspensions(question: string, access: CreatedAccessOutcome): string {
  const names = namesOf(access).filter(({status}) => status === 'planned')
  if (names.length === 0) return question
  return [question, 'It also suspends:', ...names.map(({name}) => `  ${name}`)].join('\n')
}

function namesOf({organizationTokens, trustedPublishers}: CreatedAccessOutcome) {
  return [
    ...organizationTokens.map(({label, id, organization, status}) => {
      return {name: printable(`token ${label} (${id}) of ${organization}`), status}
    }),
    ...trustedPublishers.map(({name, id, package: published, status}) => {
      return {name: printable(`trusted publisher ${name} (${id}) of ${published}`), status}
    }),
  ]
}
