import {Agent, request} from 'node:http'

export interface Answer {
  status: number
  /** Undefined unless it is JSON. */
  body: any
  bytes: Buffer
  /** Whether the proxy sent the request to more than one registry. */
  isRepeated: boolean
}

export interface Sent {
  token?: string | undefined
  headers?: Record<string, string>
  /** JSON, or bytes. */
  body?: object | Buffer
}

const agent = new Agent({keepAlive: true})

/** Sends a request. @returns undefined if the connection broke before the response was complete */
export function sendRequest(
  url: string,
  method: string,
  {token, headers, body}: Sent = {},
): Promise<Answer | undefined> {
  const isJson = body !== undefined && !Buffer.isBuffer(body)
  const all = {
    ...headers,
    ...(isJson && {'content-type': 'application/json'}),
    ...(token !== undefined && {authorization: `Bearer ${token}`}),
  }
  return new Promise((resolve) => {
    const fail = () => {
      resolve(undefined)
    }
    const sent = request(url, {method, headers: all, agent}, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.once('error', fail).once('aborted', fail)
      response.once('end', () => {
        const bytes = Buffer.concat(chunks)
        const isRepeated = String(response.headers['x-tried'] ?? '').includes(',')
        resolve({
          status: response.statusCode ?? 0,
          body: parse(response.headers['content-type'], bytes),
          bytes,
          isRepeated,
        })
      })
    })
    sent.once('error', fail)
    sent.end(isJson ? JSON.stringify(body) : body)
  })
}

function parse(type: string | undefined, bytes: Buffer): unknown {
  return type?.includes('json') === true && bytes.length > 0 ? JSON.parse(bytes.toString()) : undefined
}
