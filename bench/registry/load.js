// Sends requests over several connections, and prints how many there were and how long they took.
//
// node load.js <file with {requests, connections, count}>
//
// Each request is `{method, url, headers, body}`; a body is base64. They are sent in turn, until `count` were sent.
import {readFileSync} from 'node:fs'
import {Agent, request} from 'node:http'

const {requests, connections, count} = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const agent = new Agent({keepAlive: true, maxSockets: connections})
let sent = 0

function send({method, url, headers, body, status}) {
  return new Promise((resolve, reject) => {
    const sending = request(url, {method, headers, agent}, (response) => {
      const chunks = []
      response
        .on('data', (chunk) => response.statusCode !== status && chunks.push(chunk))
        .on('end', () => {
          if (response.statusCode === status) resolve()
          else reject(new Error(`${method} ${url}: ${response.statusCode} ${Buffer.concat(chunks)}`))
        })
    })
    sending.on('error', reject)
    sending.end(body === undefined ? undefined : Buffer.from(body, 'base64'))
  })
}

async function connection() {
  while (sent < count) await send(requests[sent++ % requests.length])
}

const start = process.hrtime.bigint()
await Promise.all(Array.from({length: connections}, connection))
console.log(JSON.stringify({requests: count, seconds: Number(process.hrtime.bigint() - start) / 1e9}))
process.exit()
