import {createServer, type IncomingMessage, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'
import type {TestContext} from 'node:test'

/** What a program sent to a language model: the tools that it offers, and the whole request. */
export interface ModelRequest {
  tools: string[]
  text: string
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
 * @returns its URL, and a function that returns the requests so far
 */
export async function startModelEndpoint(
  t: Pick<TestContext, 'after'>,
): Promise<{url: string; requests: () => ModelRequest[]}> {
  const requests: ModelRequest[] = []
  const server = createServer((incoming, outgoing) => {
    void record(incoming, outgoing, requests)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return {url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests: () => requests}
}

async function record(incoming: IncomingMessage, outgoing: ServerResponse, requests: ModelRequest[]): Promise<void> {
  let text = ''
  for await (const chunk of incoming) text += String(chunk)
  // Programs also ask which models there are, without a body.
  if (text.startsWith('{')) {
    const {tools = []} = JSON.parse(text) as {tools?: Tool[]}
    requests.push({tools: tools.map((tool) => tool.name ?? tool.function?.name ?? tool.type ?? ''), text})
  }
  outgoing.writeHead(400, {'content-type': 'application/json'})
  outgoing.end(JSON.stringify({type: 'error', error: {type: 'invalid_request_error', message: 'recorded'}}))
}
