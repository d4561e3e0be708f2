import {type ProblemCode, problems} from '@apkg/wire'
import type {FastifyReply, FastifyRequest} from 'fastify'

import {refusalFor} from '../http/problem-reply.js'
import type {Refusal} from '../http/refusal.js'
import type {Cookies} from './cookies.js'
import type {Links} from './links.js'
import {pageHeaders} from './page-headers.js'
import type {PageSender} from './send-page.js'

export type ErrorPages = (error: unknown, request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>

interface ErrorOptions {
  links: Links
  sender: PageSender
  cookies: Cookies
  hasLogin: boolean
  /** The headers that every response of the web has, besides those of pages. */
  transport: Readonly<Record<string, string>>
}

/** Responds with a page that says what failed and what to do, with the status that the API would respond with. */
export function errorPages({links, sender, cookies, hasLogin, transport}: ErrorOptions): ErrorPages {
  return (error, request, reply) => {
    const refusal = refusalFor(error, request)
    const {'www-authenticate': _, ...headers} = refusal.headers
    void reply.headers({...pageHeaders, ...transport, ...headers})
    const {title, advice, canLogIn} = explain(refusal, cookies.read('session', request) !== undefined)
    const body = (
      <section class="message">
        <h1>{title}</h1>
        <p>
          <bdi>{advice}</bdi>
        </p>
        <p class="actions">
          {canLogIn && hasLogin && (
            <a class="button" href={links.login(request.url)}>
              Log in
            </a>
          )}
          <a class="button quiet" href={links.home()}>
            Go to the home page
          </a>
        </p>
        <p class="faint">
          Request ID: <code>{request.id}</code>
        </p>
      </section>
    )
    return sender.send({title, body, status: problems[refusal.code].status}, request, reply)
  }
}

interface Explanation {
  title: string
  advice: string
  /** Whether logging in may help. */
  canLogIn?: boolean
}

const explanations: Partial<Record<ProblemCode, Explanation>> = {
  VERSION_UNKNOWN: {title: 'Version not found', advice: 'The package does not have this version. Check the number.'},
  METHOD_NOT_ALLOWED: {title: 'Not supported', advice: 'This URL does not accept this kind of request.'},
  AUTH_MISSING: {title: 'Log in', advice: 'You need to log in to see this registry.', canLogIn: true},
  BODY_TOO_LARGE: {title: 'Too much data', advice: 'The form is too large. Shorten what you entered, and try again.'},
  BUSY: {title: 'Try again in a moment', advice: 'The registry is busy. Reload the page in a few seconds.'},
  INTERNAL: {
    title: 'Something went wrong',
    advice: 'The registry failed to respond. Try again. If it keeps failing, give the request ID to its operator.',
  },
}

/** The same for a private package as for one that doesn't exist. */
function hidden(isLoggedIn: boolean): Explanation {
  const reason = isLoggedIn ? 'you are not allowed to see it' : 'you need to log in to see it'
  return {title: 'Page not found', advice: `Nothing is at this address, or ${reason}.`, canLogIn: !isLoggedIn}
}

function explain({code, message, details}: Refusal, isLoggedIn: boolean): Explanation {
  if (code === 'NOT_FOUND' || code === 'PACKAGE_UNKNOWN') return hidden(isLoggedIn)
  const known = explanations[code]
  if (known) return known
  const fields = details.map(({field, message: fault}) => (field === undefined ? fault : `${field} ${fault}`))
  const text = [message, ...fields].join(': ')
  const {status, title} = problems[code]
  return {
    title,
    advice: /[.!?]$/.test(text) ? text : `${text}.`,
    canLogIn: status === 401 || (status === 403 && !isLoggedIn),
  }
}
