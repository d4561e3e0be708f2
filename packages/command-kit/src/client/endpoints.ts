import {endpoints as protocol, type Endpoint as DeclaredEndpoint, type EndpointName} from '@apkg/wire/protocol'
import {Compile, type Validator} from 'typebox/schema'

/** What a client knows of an endpoint of the protocol. */
export interface Endpoint extends Omit<DeclaredEndpoint, 'params' | 'query' | 'body' | 'answer' | 'accessRefusal'> {
  /** Whether an answer is what the protocol says; absent where the answer has no JSON. */
  readonly fits?: (answer: unknown) => boolean
}

/** The protocol. The release build makes this module anew, with the checks compiled: `tools/release/compiled-checks.js`. */
export const endpoints = Object.fromEntries(
  Object.entries<DeclaredEndpoint>(protocol).map(([name, endpoint]) => [name, known(endpoint)]),
) as Record<EndpointName, Endpoint>

function known({params, query, body, answer, accessRefusal, ...endpoint}: DeclaredEndpoint): Endpoint {
  if (!answer) return endpoint
  // Compiled on first use: an install checks hundreds of answers of one kind.
  let validator: Validator | undefined
  return {...endpoint, fits: (value) => (validator ??= Compile(answer)).Check(value)}
}
