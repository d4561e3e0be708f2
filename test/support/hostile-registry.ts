import assert from 'node:assert/strict'
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'
import type {TestContext} from 'node:test'
import {text as textOf} from 'node:stream/consumers'

/** A request that the registry received. */
export interface Arrival {
  /** `GET /auth/tokens`. */
  route: string
  authorization: string | undefined
  /** The parsed body, or its text if it is not JSON. Undefined without a body. */
  body: unknown
}

export type Answer = (response: ServerResponse, request: IncomingMessage) => void

/** Answers by route. The last answer of a list is repeated. Unknown routes get 404. */
export type Routes = Record<string, Answer | readonly Answer[]>

/** A server on loopback with the answers that the test sets. It records the requests. */
export interface HostileRegistry {
  url: string
  arrivals: Arrival[]
  /** The routes of the requests, in order. */
  readonly routes: string[]
  answer: (routes: Routes) => void
}

/** @param unrecorded a route that a test isn't about. */
export async function startHostileRegistry(
  t: Pick<TestContext, 'after'>,
  unrecorded?: string,
): Promise<HostileRegistry> {
  let answers = new Map<string, Answer[]>()
  // Keep connections open between requests, even on a slow machine.
  const server = createServer({keepAliveTimeout: 0}, (request, response) => {
    const route = `${request.method} ${request.url}`
    void textOf(request).then((body) => {
      const {authorization} = request.headers
      if (route !== unrecorded) registry.arrivals.push({route, authorization, body: readBody(request, body)})
      const list = answers.get(route) ?? [json(404, {error: {code: 'NOT_FOUND', message: 'Nothing here', details: []}})]
      const answer = list.length > 1 ? list.shift() : list[0]
      answer!(response, request)
    })
  })
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const registry: HostileRegistry = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrivals: [],
    get routes() {
      return this.arrivals.map(({route}) => route)
    },
    answer(routes) {
      this.arrivals = []
      answers = new Map(Object.entries(routes).map(([route, answer]) => [route, [answer].flat()]))
    },
  }
  return registry
}

function readBody({headers}: IncomingMessage, body: string): unknown {
  if (body === '') return undefined
  return headers['content-type'] === 'application/json' ? JSON.parse(body) : body
}

/** Returns a URL on which no server listens. */
export async function deadAddress(): Promise<string> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const {port} = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return `http://127.0.0.1:${port}`
}

export function json(status: number, content: unknown, headers: Record<string, string> = {}): Answer {
  return body(status, JSON.stringify(content), {'content-type': 'application/json', ...headers})
}

export function body(status: number, content: string | Buffer, headers: Record<string, string> = {}): Answer {
  return (response) => response.writeHead(status, headers).end(content)
}

export function html(status: number): Answer {
  return body(status, '<html><body>It works!</body></html>', {'content-type': 'text/html'})
}

/** A refusal in the format of the original registry. */
export function refusal(status: number, message: string, details: object[] = []): Answer {
  return json(status, {error: {code: 'REFUSED', message, details, requestId: 'r-1'}})
}

export function redirect(status: number, location: string): Answer {
  return body(status, '', {location})
}

/** Never answers. */
export const silence: Answer = () => undefined

/** Starts a JSON answer and continues it one byte at a time, forever. */
export const drip: Answer = (response) => {
  response.writeHead(200, {'content-type': 'application/json'}).write('{"tokens": [')
  const timer = setInterval(() => response.write(' '), 20)
  response.on('close', () => {
    clearInterval(timer)
  })
}

/** Sends an endless answer. */
export const flood: Answer = (response) => {
  response.writeHead(200, {'content-type': 'application/json'})
  const chunk = Buffer.alloc(1024 * 1024, ' ')
  const pour = () => {
    while (!response.destroyed && response.write(chunk));
    if (!response.destroyed) response.once('drain', pour)
  }
  pour()
}

/** Sends less than its content length, then closes the connection. */
export const cutOff: Answer = (response) => {
  response.writeHead(200, {'content-type': 'application/json', 'content-length': '1000'})
  response.write('{"tokens": [', () => response.destroy())
}

/** Closes the connection without an answer. */
export const hangUp: Answer = (response, request) => {
  assert.ok(response)
  request.socket.destroy()
}
