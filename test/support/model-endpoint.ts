import {createServer, type IncomingMessage, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'
import type {TestContext} from 'node:test'

/** What a program sent to a language model: the tools that it offers, and the complete request. */
export interface ModelRequest {
  tools: string[]
  text: string
}

export interface ServerEvent {
  type: string
  [field: string]: unknown
}

export interface ModelEndpoint {
  url: string
  /** The requests so far. */
  requests: () => ModelRequest[]
}

interface Tool {
  name?: string
  type?: string
  function?: {name: string}
}

/**
 * Starts an address that programs can use instead of a language model. It records each request and refuses it, so the
 * program ends.
 *
 * @param firstResponse what the first request gets instead, as server-sent events. It starts an agent: nothing else is
 *   refused before both have sent a request.
 */
export async function startModelEndpoint(
  t: Pick<TestContext, 'after'>,
  firstResponse?: readonly ServerEvent[],
): Promise<ModelEndpoint> {
  const requests: ModelRequest[] = []
  const waiting: ServerResponse[] = []
  const server = createServer((incoming, outgoing) => {
    void record(incoming, requests).then(() => {
      if (firstResponse && requests.length === 1) {
        sendEvents(outgoing, firstResponse)
        return
      }
      waiting.push(outgoing)
      if (!firstResponse || requests.length >= 3) waiting.splice(0).forEach(refuse)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return {url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests: () => requests}
}

async function record(incoming: IncomingMessage, requests: ModelRequest[]): Promise<void> {
  let text = ''
  for await (const chunk of incoming) text += String(chunk)
  // Programs also ask which models there are, without a body.
  if (text.startsWith('{')) {
    const {tools = []} = JSON.parse(text) as {tools?: Tool[]}
    requests.push({tools: tools.map((tool) => tool.name ?? tool.function?.name ?? tool.type ?? ''), text})
  }
}

function sendEvents(outgoing: ServerResponse, events: readonly ServerEvent[]): void {
  outgoing.writeHead(200, {'content-type': 'text/event-stream'})
  outgoing.end(events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(''))
}

function refuse(outgoing: ServerResponse): void {
  outgoing.writeHead(400, {'content-type': 'application/json'})
  outgoing.end(JSON.stringify({type: 'error', error: {type: 'invalid_request_error', message: 'recorded'}}))
}
