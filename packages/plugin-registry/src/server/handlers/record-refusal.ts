import {problems} from '@apkg/wire'
import {type Endpoint, endpoints, type EndpointName} from '@apkg/wire/protocol'

import type {Client} from '../auth/actor.js'
import {packageOf} from '../auth/authorize.js'
import {Refusal} from '../http/refusal.js'
import type {Credential} from '../store/store.js'
import type {Ports} from './handler.js'

/** A request that was authorized. */
interface AuthorizedRequest {
  params: {name?: string}
  /** Undefined if the endpoint is public or is read anonymously. */
  credential: Credential | undefined
  client: Client
}

/**
 * Records that a handler refused a request, if it did. Some refusals depend on the body, or on what the transaction
 * finds.
 *
 * @throws `error`
 */
export function withRefusalRecorded(
  error: unknown,
  action: EndpointName,
  {params, credential, client}: AuthorizedRequest,
  {store, clock}: Pick<Ports, 'store' | 'clock'>,
): never {
  if (credential && error instanceof Refusal && problems[error.code].status === 403) {
    const use = {...client, action, package: packageOf(endpoints[action] as Endpoint, params) ?? null}
    store.credentials.recordRefusal(credential, use, false, clock().getTime())
  }
  throw error
}
