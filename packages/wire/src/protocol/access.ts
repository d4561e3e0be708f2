import {isOrganizationScope, offeredScopes, type Right, rights, rightsOf, type Scope} from '../scopes.js'

/**
 * Who may call an endpoint. `public`: anyone. `reader`: any valid credential, and requests without a credential if the
 * registry allows anonymous reading. `credential`: any valid credential. `session`: a session. `operator`: a session of a user with the operator role. A right, or a list of them:
 * a session, or a token with at least one of these rights.
 */
export type Access = 'public' | 'reader' | 'credential' | 'session' | 'operator' | Right | readonly Right[]

/** The part of a credential that decides which endpoints it can call. */
export type Holder =
  {kind: 'session'; owner: {isOperator: boolean}} | {kind: 'token' | 'exchanged'; scopes: readonly Scope[]}

/** Whether a valid credential allows calling an endpoint. The only place that decides it. */
export function canCall(holder: Holder, access: Access): boolean {
  if (holder.kind === 'session') return access !== 'operator' || holder.owner.isOperator
  if (access === 'public' || access === 'reader' || access === 'credential') return true
  if (requiresSession(access)) return false
  const held = rightsOf(holder.scopes)
  return rightsNeeded(access).some((right) => held.has(right))
}

/** Whether tokens can't call an endpoint, whatever their scopes. */
export function requiresSession(access: Access): access is 'session' | 'operator' {
  return access === 'session' || access === 'operator'
}

/** Whether a token of an organization can have a scope that allows calling an endpoint. */
export function canOrganizationCall(access: Access): boolean {
  return offeredScopes.some((scope) => isOrganizationScope(scope) && canCall({kind: 'token', scopes: [scope]}, access))
}

const rightsOfRetired: readonly Right[] = ['read', 'publish:new', 'publish:update', 'tag', 'deprecate', 'token:rotate']

/**
 * Whether the old value of a rotated token can still call an endpoint. Running jobs need it to read and change
 * packages. It can request a rotation only because the error shows when the value stops working.
 */
export function canCallRetired(access: Access): boolean {
  return !requiresSession(access) && rightsNeeded(access).every((right) => rightsOfRetired.includes(right))
}

/** The rights that an endpoint requires. A token needs at least one of them; empty if it doesn't need any. */
export function rightsNeeded(access: Access): readonly Right[] {
  if (typeof access !== 'string') return access
  return isRight(access) ? [access] : []
}

function isRight(access: Exclude<Access, readonly Right[]>): access is Right {
  return Object.hasOwn(rights, access)
}
