import type {Actor, Credential} from '../store/store.js'

/** The sender of a request. */
export interface Client {
  address: string
  /** The `User-Agent` header. */
  agent: string | null
}

const maxAgentLength = 200

export function clientOf(address: string, agent: string | undefined): Client {
  return {address, agent: agent === undefined ? null : agent.slice(0, maxAgentLength)}
}

export function actorOf(credential: Credential, client: Client): Actor {
  return {name: holderOf(credential).name, credentialId: credential.id, ...client}
}

/** The user or the trusted publisher that a credential belongs to. */
export function holderOf(credential: Credential): {id: string; name: string} {
  return credential.kind === 'exchanged' ? credential.publisher : credential.owner
}

/** @param name the user that the client tries to log in as */
export function unauthenticatedActor(client: Client, name: string | null = null): Actor {
  return {name, credentialId: null, ...client}
}
