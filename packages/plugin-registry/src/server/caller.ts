import type {Actor, Credential} from './store/store.js'

/** Where a request comes from. */
export interface Origin {
  address: string
  agent: string | null
}

const longestAgent = 200

/** @param agent the `User-Agent` header, which may hold anything and be absent. */
export function originOf(address: string, agent: string | undefined): Origin {
  return {address, agent: agent === undefined ? null : agent.slice(0, longestAgent)}
}

/** Somebody who has not proved to be anyone yet. */
export function stranger(origin: Origin, name: string | null = null): Actor {
  return {name, credentialId: null, ...origin}
}

/** The holder of a credential. */
export function holder(credential: Credential, origin: Origin): Actor {
  return {name: credential.owner.name, credentialId: credential.id, ...origin}
}
