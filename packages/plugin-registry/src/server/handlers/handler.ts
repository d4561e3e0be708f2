import type {endpoints, EndpointName} from '@apkg/wire/protocol'
import type {Static, TSchema} from 'typebox'

import type {Origin} from '../caller.js'
import type {ServerConfig} from '../config.js'
import type {Login} from '../login.js'
import type {Credential, RegistryStore} from '../store/store.js'

/** What the handlers work with, the same for every request. */
export interface Ports {
  store: RegistryStore
  config: ServerConfig
  login: Login
}

type Endpoint<Name extends EndpointName> = (typeof endpoints)[Name]

type Part<Name extends EndpointName, Key extends string> =
  Endpoint<Name> extends Record<Key, infer Schema extends TSchema> ? Static<Schema> : undefined

/** A request after validation and authorisation. */
export interface Call<Name extends EndpointName> {
  body: Part<Name, 'body'>
  query: Part<Name, 'query'>
  params: Part<Name, 'params'>
  /** There is one exactly where the endpoint is not public. */
  credential: Endpoint<Name>['access'] extends 'public' ? undefined : Credential
  /** The `Authorization` header, for endpoints that take a credential and do not need one. */
  authorization: string | undefined
  origin: Origin
  now: Date
}

/** Answers a call; undefined where the endpoint answers without a body. */
export type Handler<Name extends EndpointName> = (
  call: Call<Name>,
  ports: Ports,
) => Promise<Endpoint<Name> extends {answer: TSchema} ? Part<Name, 'answer'> : undefined>

export type Handlers = {[Name in EndpointName]: Handler<Name>}
