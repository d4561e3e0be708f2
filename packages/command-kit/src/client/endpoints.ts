import {
  type Endpoint as DeclaredEndpoint,
  type EndpointName,
  endpoints as protocol,
  type Route,
  routeOf,
} from '@apkg/wire/protocol'
import {Compile, type Validator} from 'typebox/schema'

/** What a client knows of an endpoint of the protocol. */
export interface Endpoint extends Route {
  /** Whether an answer is what the protocol requires. Absent if the answer has no JSON. */
  readonly fits?: (answer: unknown) => boolean
}

/** The protocol. The release build replaces this module, with the checks compiled: `tools/release/compiled-checks.js`. */
export const endpoints = Object.fromEntries(
  Object.entries<DeclaredEndpoint>(protocol).map(([name, endpoint]) => [name, known(endpoint)]),
) as Record<EndpointName, Endpoint>

function known(endpoint: DeclaredEndpoint): Endpoint {
  const {answer} = endpoint
  if (!answer) return routeOf(endpoint)
  // Compiled on first use, because an install checks hundreds of answers of one kind.
  let validator: Validator | undefined
  return {...routeOf(endpoint), fits: (value) => (validator ??= Compile(answer)).Check(value)}
}
