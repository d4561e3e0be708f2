import assert from 'node:assert/strict'
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'
import type {TestContext} from 'node:test'
import {text as textOf} from 'node:stream/consumers'

/** A request as it arrived. */
export interface Arrival {
  /** `GET /auth/tokens`. */
  route: string
  authorization: string | undefined
  /** The parsed body, or the text of one that is no JSON; undefined where there was none. */
  body: unknown
}

export type Answer = (response: ServerResponse, request: IncomingMessage) => void

/** Answers by route, of which the last one of a list is repeated. What is not listed is answered with 404. */
export type Routes = Record<string, Answer | readonly Answer[]>

/** A server on loopback that answers as a test tells it to, and keeps what arrived. */
export interface HostileRegistry {
  url: string
  arrivals: Arrival[]
  /** The routes of what arrived, in order. */
  readonly routes: string[]
  answer: (routes: Routes) => void
}

export async function startHostileRegistry(t: Pick<TestContext, 'after'>): Promise<HostileRegistry> {
  let answers = new Map<string, Answer[]>()
  // A connection stays open between two requests, however long a busy machine takes over them.
  const server = createServer({keepAliveTimeout: 0}, (request, response) => {
    const route = `${request.method} ${request.url}`
    void textOf(request).then((body) => {
      const {authorization} = request.headers
      registry.arrivals.push({route, authorization, body: readBody(request, body)})
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

/** The address of a server that has gone. */
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

/** A refusal as the original registry sends it. */
export function refusal(status: number, message: string, details: object[] = []): Answer {
  return json(status, {error: {code: 'REFUSED', message, details, requestId: 'r-1'}})
}

export function redirect(status: number, location: string): Answer {
  return body(status, '', {location})
}

/** Never answers. */
export const silence: Answer = () => undefined

/** Begins a JSON answer and goes on with it a byte at a time, for ever. */
export const drip: Answer = (response) => {
  response.writeHead(200, {'content-type': 'application/json'}).write('{"tokens": [')
  const timer = setInterval(() => response.write(' '), 20)
  response.on('close', () => {
    clearInterval(timer)
  })
}

/** Sends an answer that is larger than any client should read. */
export const flood: Answer = (response) => {
  response.writeHead(200, {'content-type': 'application/json'})
  const chunk = Buffer.alloc(1024 * 1024, ' ')
  const pour = () => {
    while (!response.destroyed && response.write(chunk));
    if (!response.destroyed) response.once('drain', pour)
  }
  pour()
}

/** Promises more than it sends, and hangs up. */
export const cutOff: Answer = (response) => {
  response.writeHead(200, {'content-type': 'application/json', 'content-length': '1000'})
  response.write('{"tokens": [', () => response.destroy())
}

/** Hangs up without a word. */
export const hangUp: Answer = (response, request) => {
  assert.ok(response)
  request.socket.destroy()
}
