// The least that a server can do: constant JSON at `/`, and the file BENCH_FILE as a stream at `/file`.
import {createReadStream, statSync} from 'node:fs'
import {createServer} from 'node:http'

const file = process.env.BENCH_FILE
const {size} = statSync(file)
const body = JSON.stringify({username: 'bench', email: 'bench@example.com', scopes: ['read']})
const server = createServer((request, response) => {
  if (request.url === '/file') {
    response.writeHead(200, {'content-type': 'application/octet-stream', 'content-length': size})
    createReadStream(file).pipe(response)
    return
  }
  response.writeHead(200, {'content-type': 'application/json', 'content-length': Buffer.byteLength(body)}).end(body)
})
server.listen(0, '127.0.0.1', () => {
  console.log(JSON.stringify({url: `http://127.0.0.1:${server.address().port}`}))
})
