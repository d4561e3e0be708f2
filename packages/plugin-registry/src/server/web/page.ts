import type {EndpointName} from '@apkg/wire/protocol'
import type {FastifyReply, FastifyRequest} from 'fastify'
import type {ComponentChildren} from 'preact'

import type {AssetName} from './assets.js'
import type {BodyOf, CallAnswer, CallInput} from './call.js'
import type {Links} from './links.js'

/** What a page can use to respond to a request. */
export interface PageContext {
  request: FastifyRequest
  reply: FastifyReply
  links: Links
  /** The parameters of the address, each given once. */
  query: Readonly<Record<string, string | undefined>>
  /** The fields of the form that was sent. It was sent by a page of this registry. */
  form: Readonly<Record<string, string | undefined>>
  /** The value of the browser's session; undefined if the visitor isn't logged in. */
  session: string | undefined
  /** Sets or removes the session. */
  setSession: (value: string | undefined) => void
  /** The token for a form that changes something. A page with one is private. */
  formToken: () => string
  /** Where to return to: a page, or the home page if the path isn't one. */
  returnPath: (path: string | undefined) => string
  /**
   * Sends the browser to a page with GET.
   *
   * @param path of a page, without the prefix
   * @param notice what the page says has happened. The visitor must be logged in.
   */
  redirect: (path: string, notice?: string) => PageContent | undefined
  /** The URL of the registry, without a trailing slash. */
  registry: string
  /** Calls an endpoint for the visitor, and returns the body of its response. @throws {Refusal} as the endpoint responds */
  call: <Name extends EndpointName>(name: Name, input?: CallInput) => Promise<BodyOf<Name>>
  /** Like `call`, but returns the complete response. */
  callRaw: (name: EndpointName, input?: CallInput) => Promise<CallAnswer>
}

/** The content of a page. */
export interface PageContent {
  /** Without the name of the registry. */
  title: string
  body: ComponentChildren
  /** What has just happened. */
  notice?: string | undefined
  status?: number
  /** What the search field contains. */
  searched?: string
  /** Whether the content has a search field, so that the header has none. */
  hasOwnSearch?: boolean
  scripts?: readonly AssetName[]
  /** Whether it must not be stored, as pages with a form or of an account. */
  isPrivate?: boolean
}

/** A page, with the path of its route in fastify's syntax. A page that has already responded returns undefined. */
export interface Page {
  url: string
  method?: 'GET' | 'POST'
  /** Whether visitors have to log in first. */
  needsLogin?: boolean
  answer: (context: PageContext) => Promise<PageContent | undefined>
}
