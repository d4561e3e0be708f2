import {
  type Endpoint as DeclaredEndpoint,
  type EndpointName,
  endpoints as protocol,
  type Route,
  routeOf,
} from '@apkg/wire/protocol'
import {Compile, type Validator} from 'typebox/schema'

/** The client's view of an endpoint. */
export interface Endpoint extends Route {
  /** Whether a response matches the protocol's schema. Absent if the response isn't JSON. */
  readonly fits?: (response: unknown) => boolean
}

/** The release build replaces this module with one that has compiled checks; see `tools/release/compiled-checks.js`. */
export const endpoints = Object.fromEntries(
  Object.entries<DeclaredEndpoint>(protocol).map(([name, endpoint]) => [name, withCheck(endpoint)]),
) as Record<EndpointName, Endpoint>

function withCheck(endpoint: DeclaredEndpoint): Endpoint {
  const {response} = endpoint
  if (!response) return routeOf(endpoint)
  // Compiled on first use. An install checks hundreds of responses of the same kind.
  let validator: Validator | undefined
  return {...routeOf(endpoint), fits: (value) => (validator ??= Compile(response)).Check(value)}
}
