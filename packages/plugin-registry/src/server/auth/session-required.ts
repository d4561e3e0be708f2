import {canOrganizationCall, type Endpoint, requiresSession} from '@apkg/wire/protocol'

import {Refusal} from '../http/refusal.js'
import type {ApiToken, Credential} from '../store/store.js'
import {notAllowedMessage} from './missing-right.js'

/** The facts about a call that determine whether a token can make it with any scope. */
export interface CallOnTokens {
  endpoint: Pick<Endpoint, 'access' | 'accessRefusal' | 'onTokens'>
  /** The ID in the path. */
  id?: string | undefined
  /** The organization in the query. It isn't validated yet. */
  organization?: unknown
}

const wording = {
  own: {doing: 'managing tokens of organizations', needed: 'the session of an admin is required'},
  itself: {doing: 'rotating other tokens', needed: 'a session is required'},
}

/** Returns the refusal of a call that no scope allows, because it requires a session. */
export function sessionRequired(credential: Credential, call: CallOnTokens): Refusal | undefined {
  if (credential.kind === 'session') return undefined
  const {access, accessRefusal, onTokens} = call.endpoint
  if (access === 'session' && accessRefusal !== undefined) return new Refusal(accessRefusal)
  if (!requiresSession(access) && (credential.kind === 'exchanged' || isWithinReach(credential, call))) return undefined
  if (!onTokens) return new Refusal('SESSION_REQUIRED')
  const {doing, needed} = wording[onTokens]
  return new Refusal('SESSION_REQUIRED', {message: notAllowedMessage(credential, needed, doing)})
}

/** Whether a token with the right scope could make the call. */
function isWithinReach({id: ownId, owner}: ApiToken, {endpoint, id, organization}: CallOnTokens): boolean {
  const {access, onTokens} = endpoint
  if (onTokens === 'itself') return id === ownId
  if (onTokens === 'own' && organization !== undefined) return false
  return owner.kind === 'user' || canOrganizationCall(access)
}
