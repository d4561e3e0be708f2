import type {AuditRow, WebhookEvent} from '../store/store.js'

/** The types of events, by the action in the audit log. */
const types: Readonly<Record<string, string>> = {
  'token.create': 'token.create',
  'token.exchange': 'token.create',
  'token.rotate': 'token.rotate',
  'token.revoke': 'token.revoke',
  'token.suspend': 'token.suspend',
  'token.suspend-all': 'token.suspend',
  'token.expiring': 'token.expiring',
  'token.leak-report': 'token.leak-report',
  'token.retired-use': 'token.retired-use',
  'token.dead-use': 'token.dead-use',
  'user.reset': 'user.reset',
  'package.publish': 'publish',
  'package.takedown': 'takedown',
  'package.yank': 'yank',
}

/** Prefixes of actions that are events of the same name. */
const prefixes = ['trusted-publisher.']

/** Actions that revoke the tokens of a user, if there are any. */
const revokesTokens = new Set(['user.revoke-all', 'user.remove'])

/** Returns the events for a row of the audit log. Most rows have none. */
export function eventsOf(row: AuditRow): WebhookEvent[] {
  const queue = queueOf(row)
  return typesOf(row).map((type) => ({type, queue}))
}

function typesOf({action, detail}: AuditRow): string[] {
  if (prefixes.some((prefix) => action.startsWith(prefix))) return [action]
  if (revokesTokens.has(action)) return Number(detail['tokens']) > 0 ? ['token.revoke'] : []
  const type = Object.hasOwn(types, action) ? types[action] : undefined
  const isReported = action.startsWith('token.') && detail['reason'] === 'leak-report'
  return [...new Set([...(type === undefined ? [] : [type]), ...(isReported ? ['token.leak-report'] : [])])]
}

/** Returns the credential that a row is about. For packages, it is the one that was used. */
function queueOf({action, credentialId, target}: AuditRow): string {
  return (action.startsWith('package.') ? credentialId : target) ?? target ?? ''
}
