import {type ChildProcess, spawn} from 'node:child_process'
import {type Agent, request} from 'node:http'
import type {TestContext} from 'node:test'
import {fileURLToPath} from 'node:url'

import {openForCommand} from '../../src/server/operations/open-registry.js'
import {operator} from '../../src/server/store/store.js'
import {hashCheaply} from './cheap-registry.js'
import {password} from './world.js'

const script = fileURLToPath(new URL('serve-process.js', import.meta.url))

/** A registry that serves as a process. */
export interface Served {
  process: ChildProcess
  /** The first line on stdout. */
  line: string
  url: string
  stderr: () => string
}

/** Starts `registry serve`. It is killed after the test. */
export function start(t: TestContext, folder: string, ...flags: string[]): ChildProcess {
  const argv = [script, '--data', folder, '--port', '0', ...flags]
  const child = spawn(process.execPath, argv, {stdio: ['ignore', 'pipe', 'pipe']})
  t.after(() => child.kill('SIGKILL'))
  return child
}

/** Starts `registry serve` and waits until it accepts connections. */
export function serve(t: TestContext, folder: string, ...flags: string[]): Promise<Served> {
  return whenReady(start(t, folder, '--json', ...flags))
}

/** Like `serve`, in a process that cannot make a file longer. @param blocks of 512 bytes; some shells count 1024. */
export function serveWithFileLimit(t: TestContext, folder: string, blocks: number): Promise<Served> {
  const limited = `ulimit -f ${blocks} && exec "$0" "$@"`
  const argv = ['-c', limited, process.execPath, script, '--data', folder, '--port', '0', '--json']
  const child = spawn('sh', argv, {stdio: ['ignore', 'pipe', 'pipe']})
  t.after(() => child.kill('SIGKILL'))
  return whenReady(child)
}

/** Waits until a registry accepts connections. */
export async function whenReady(child: ChildProcess): Promise<Served> {
  let errors = ''
  child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout?.once('data', (chunk: Buffer) => {
      resolve(chunk.toString().trimEnd())
    })
    child.once('exit', () => {
      reject(new Error(`the server ended: ${errors}`))
    })
  })
  return {process: child, line, url: JSON.parse(line).url, stderr: () => errors}
}

/** Adds the user ada to a data directory. */
export async function addAda(folder: string): Promise<void> {
  const store = await openForCommand(folder, {create: true})
  const passwordHash = await hashCheaply(password)
  await store.users.add({id: 'u1', name: 'ada', email: 'ada@example.com', passwordHash}, operator, Date.now())
  await store.close()
}

export interface Reply {
  status: number
  body: any
}

/** Sends a request. @returns undefined if the connection broke before the answer was complete. */
export function send(url: string, method: string, options: {token?: string; body?: object; agent?: Agent} = {}) {
  const {token, body, agent} = options
  return new Promise<Reply | undefined>((resolve) => {
    const headers = {'content-type': 'application/json', ...(token !== undefined && {authorization: `Bearer ${token}`})}
    const sent = request(url, {method, headers, ...(agent && {agent})}, (response) => {
      let text = ''
      response
        .on('data', (chunk: Buffer) => (text += chunk.toString()))
        .on('error', () => {
          resolve(undefined)
        })
        .on('end', () => {
          resolve({status: response.statusCode ?? 0, body: text === '' ? undefined : JSON.parse(text)})
        })
    })
    sent.on('error', () => {
      resolve(undefined)
    })
    sent.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

/** Logs in as ada. @returns the access token of the session. */
export async function logIn(url: string): Promise<string> {
  return (await send(`${url}/auth/login`, 'POST', {body: {username: 'ada', password}}))?.body.accessToken
}
