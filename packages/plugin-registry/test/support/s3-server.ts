import assert from 'node:assert/strict'
import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {existsSync, mkdirSync} from 'node:fs'
import http from 'node:http'
import {type AddressInfo, connect, createServer} from 'node:net'
import {homedir} from 'node:os'
import path from 'node:path'
import type {TestContext} from 'node:test'
import {setTimeout as sleep} from 'node:timers/promises'

import type {BlobStore} from '../../src/server/blobs/blob-store.js'
import type {S3Credentials} from '../../src/server/blobs/s3/credentials.js'
import {openS3Blobs, type S3BlobOptions} from '../../src/server/blobs/s3/s3-blobs.js'
import {type CleanupScope, temporaryFolder} from './world.js'

/** `.ci/run` builds this version. */
const version = 'v1.8.0'

const cache = process.env['XDG_CACHE_HOME'] ?? path.join(homedir(), '.cache')

const program = process.env['TEST_VERSITYGW'] ?? path.join(cache, 'apkg-tests', `versitygw-${version}`, 'versitygw')

/** Whether there is an S3 server for tests. Fails in CI without one. */
export function isS3Missing(t: TestContext): boolean {
  if (existsSync(program)) return false
  assert.notEqual(process.env['CI'], 'true', 'versitygw is not installed')
  t.skip('versitygw is not installed')
  return true
}

export const rootKey: S3Credentials = {accessKeyId: 'test-key', secretAccessKey: 'test-secret'}

/** A real S3 server with the bucket `apkg`. */
export interface S3Server {
  url: string
  /** The environment of a registry that uses it. */
  env: Record<string, string>
  stop(): Promise<void>
  /** Starts it again on the same port and the same files. */
  start(key?: S3Credentials): Promise<void>
}

export async function startS3(t: CleanupScope): Promise<S3Server> {
  const folder = temporaryFolder(t)
  mkdirSync(path.join(folder, 'apkg'))
  const port = await freePort()
  let child: ChildProcess | undefined
  const stop = async () => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  const start = async ({accessKeyId, secretAccessKey} = rootKey) => {
    const env = {...process.env, ROOT_ACCESS_KEY: accessKeyId, ROOT_SECRET_KEY: secretAccessKey}
    const argv = ['--quiet', '--port', `127.0.0.1:${port}`, 'posix', folder]
    child = spawn(program, argv, {env, stdio: 'ignore'})
    await untilListening(port, child)
  }
  t.after(stop)
  await start()
  const url = `http://127.0.0.1:${port}`
  const env = {
    AWS_ACCESS_KEY_ID: rootKey.accessKeyId,
    AWS_SECRET_ACCESS_KEY: rootKey.secretAccessKey,
    AWS_ENDPOINT_URL_S3: url,
    AWS_REGION: 'us-east-1',
  }
  return {url, env, stop, start}
}

/** Blobs in the bucket, below a prefix that no other test uses. */
export function blobsAt(t: CleanupScope, url: string, changes: Partial<S3BlobOptions> = {}): BlobStore {
  return openS3Blobs({
    bucket: new URL(`${url}/apkg/`),
    region: 'us-east-1',
    credentials: async () => rootKey,
    prefix: newPrefix(),
    folder: temporaryFolder(t),
    ...changes,
  })
}

let prefixes = 0

export function newPrefix(): string {
  return `test/${++prefixes}/`
}

/** What to do with a request: pass it on, respond to it, or pass it on and close the connection without a response. */
export type Fault = 'none' | 'lose-response' | {status: number; code: string}

/** A proxy in front of a server that responds to some requests itself. */
export async function startFaultyProxy(
  t: CleanupScope,
  target: string,
  faultOf: (request: http.IncomingMessage) => Fault,
): Promise<string> {
  const server = http.createServer((request, response) => {
    const fault = faultOf(request)
    if (typeof fault === 'object') {
      request.resume().once('end', () => {
        response.writeHead(fault.status).end(`<Error><Code>${fault.code}</Code></Error>`)
      })
      return
    }
    const {method, url = '', headers} = request
    const passed = http.request(new URL(url, target), {method, headers} as http.RequestOptions, (answer) => {
      if (fault === 'lose-response') request.socket.destroy()
      else answer.pipe(response.writeHead(answer.statusCode ?? 500, answer.headers))
    })
    passed.once('error', () => request.socket.destroy())
    request.pipe(passed)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const {port} = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function untilListening(port: number, child: ChildProcess): Promise<void> {
  for (;;) {
    assert.equal(child.exitCode, null, 'versitygw ended')
    const socket = connect(port, '127.0.0.1')
    const isListening = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    })
    socket.destroy()
    if (isListening) return
    await sleep(20)
  }
}
