import type {EndpointName} from '@apkg/wire/protocol'
import type {FastifyReply, FastifyRequest} from 'fastify'
import type {ComponentChildren} from 'preact'

import type {AssetName} from './assets.js'
import type {BodyOf, CallAnswer, CallInput} from './call.js'
import type {Links} from './links.js'

/** What a page has to answer a request with. */
export interface PageContext {
  request: FastifyRequest
  reply: FastifyReply
  links: Links
  /** The URL of the registry, without a trailing slash. */
  registry: string
  /** Calls an endpoint for the visitor, and returns the body of its response. @throws {Refusal} as the endpoint responds */
  call: <Name extends EndpointName>(name: Name, input?: CallInput) => Promise<BodyOf<Name>>
  /** As `call`, with everything that the endpoint answers. */
  callRaw: (name: EndpointName, input?: CallInput) => Promise<CallAnswer>
}

/** The content of a page. */
export interface PageContent {
  /** Without the name of the registry. */
  title: string
  body: ComponentChildren
  status?: number
  /** What the search field contains. */
  searched?: string
  /** Whether the content has a search field, so that the header has none. */
  hasOwnSearch?: boolean
  scripts?: readonly AssetName[]
  /** Whether it must not be stored, as pages with a form or of an account. */
  isPrivate?: boolean
}

/** A page, with the path of its route in fastify's syntax. A page that answered by itself returns undefined. */
export interface Page {
  url: string
  method?: 'GET' | 'POST'
  answer: (context: PageContext) => Promise<PageContent | undefined>
}
