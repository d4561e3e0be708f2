import {Refusal} from '../http/refusal.js'
import {operator, type Suspension, type SuspensionMaker, type TokenRecord} from '../store/store.js'

type Suspended = Pick<TokenRecord, 'id' | 'label' | 'suspensions' | 'organization'>

const circumstances: Record<Exclude<SuspensionMaker, 'owner'>, string> = {
  operator: 'by the operator of the registry',
  policy: 'by the policy of the registry',
  restore: 'when the registry was restored from a backup',
}

/** The refusal of a suspended token. It says who can resume it. */
export function suspended(token: Suspended): Refusal {
  return new Refusal('CREDENTIAL_SUSPENDED', {
    message: `${whatHappened(token)}. ${whoResumes(token)}`,
    details: [
      ...token.suspensions.map((each) => ({code: each.by, message: circumstanceOf(each, token)})),
      ...(isOnlyByOwner(token) ? whatToResume(token) : []),
    ],
  })
}

/** The refusal if only others can lift the suspensions of a token. */
export function notYours(token: Suspended): Refusal {
  const message = `${whatHappened(token)}. ${whoResumes(token)}`
  return new Refusal('SUSPENSION_NOT_YOURS', {message, details: [{code: 'token', message: token.id}]})
}

function whatHappened(token: Suspended): string {
  const makers = token.suspensions.map((each) => circumstanceOf(each, token))
  return `The token "${token.label}" was suspended ${makers.join(', and ')}`
}

/** The operator also suspends tokens for an organization, when the user who created them leaves. */
function circumstanceOf({by, name}: Suspension, token: Suspended): string {
  if (by !== 'owner') return circumstances[by]
  return name === operator.name ? circumstances.operator : `by ${ownerOf(token)}`
}

function ownerOf({organization}: Suspended): string {
  return organization ? `an admin of ${organization.name}` : 'its owner'
}

function isOnlyByOwner({suspensions}: Suspended): boolean {
  return suspensions.every(({by}) => by === 'owner')
}

/** From these, clients suggest the command that resumes the token. Both are in the message, too. */
function whatToResume({id, organization}: Suspended) {
  return [{code: 'token', message: id}, ...(organization ? [{code: 'organization', message: organization.name}] : [])]
}

function whoResumes(token: Suspended): string {
  const {suspensions} = token
  const byOwner = suspensions.filter(({by}) => by === 'owner').length
  if (byOwner === 0) return 'Ask the operator to resume it'
  if (isOnlyByOwner(token)) {
    const ofOrganization = token.organization ? ` --org ${token.organization.name}` : ''
    return `Only ${ownerOf(token)} can resume it, with \`apkg token resume ${token.id}${ofOrganization}\``
  }
  const owner = ownerOf(token)
  return `${owner.charAt(0).toUpperCase()}${owner.slice(1)} and the operator both have to resume it`
}
