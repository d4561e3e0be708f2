import {type Right, rightsOf, type Scope} from '../scopes.js'

/**
 * Who may call an endpoint. `public`: anyone. `reader`: any valid credential, and requests without a credential if the
 * registry allows anonymous reading. `credential`: any valid credential. `session`: a session. A right, or a list of them:
 * a session, or a token with at least one of these rights.
 */
export type Access = 'public' | 'reader' | 'credential' | 'session' | Right | readonly Right[]

/** A credential, as far as it decides which endpoints can be called with it. */
export type Holder = {kind: 'session'} | {kind: 'token'; scopes: readonly Scope[]}

/** Whether a valid credential allows calling an endpoint. The only place that decides it. */
export function canCall(holder: Holder, access: Access): boolean {
  if (holder.kind === 'session') return true
  if (access === 'public' || access === 'reader' || access === 'credential') return true
  if (access === 'session') return false
  const held = rightsOf(holder.scopes)
  return rightsNeeded(access).some((right) => held.has(right))
}

const rightsOfRetired: readonly Right[] = ['read', 'publish:new', 'publish:update', 'tag', 'deprecate', 'token:rotate']

/**
 * Whether an endpoint can still be called with the value of a token that was replaced by a rotation: what running jobs need
 * to read and change packages. A request to rotate the token is answered with the end of the value.
 */
export function canCallRetired(access: Access): boolean {
  return access !== 'session' && rightsNeeded(access).every((right) => rightsOfRetired.includes(right))
}

/** The rights of which a token needs one, if an endpoint requires any. */
export function rightsNeeded(access: Access): readonly Right[] {
  if (typeof access !== 'string') return access
  return access === 'public' || access === 'reader' || access === 'credential' || access === 'session' ? [] : [access]
}
