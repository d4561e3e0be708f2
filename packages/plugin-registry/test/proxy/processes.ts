import {type ChildProcess, execFile, spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdtemp, rm} from 'node:fs/promises'
import {request as requestHttp} from 'node:http'
import {type RequestOptions, request as requestHttps} from 'node:https'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {promisify} from 'node:util'

const run = promisify(execFile)

export const password = 'correct horse battery staple'

/** A test, or anything else that runs cleanup functions when it ends. */
export interface CleanupScope {
  after(clean: () => unknown): void
}

export async function temporaryFolder(scope: CleanupScope): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'apkg-proxy-'))
  scope.after(() => rm(folder, {recursive: true, force: true}))
  return folder
}

export interface Certificate {
  cert: string
  key: string
}

const ellipticKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']

/** A certificate for 127.0.0.1, self-signed or signed by an authority. */
export async function createCertificate(folder: string, name: string, authority?: Certificate): Promise<Certificate> {
  const made = {cert: path.join(folder, `${name}.pem`), key: path.join(folder, `${name}.key`)}
  const signedBy = authority ? ['-CA', authority.cert, '-CAkey', authority.key] : []
  const isAuthority = authority ? 'FALSE' : 'TRUE'
  await run('openssl', [
    ...['req', '-x509', ...ellipticKey, '-days', '2', '-subj', `/CN=${name}`, ...signedBy],
    ...['-addext', 'subjectAltName=IP:127.0.0.1', '-addext', `basicConstraints=critical,CA:${isAuthority}`],
    ...['-keyout', made.key, '-out', made.cert],
  ])
  return made
}

/** Ends a process and waits for it. */
export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const killTimer = setTimeout(() => child.kill('SIGKILL'), 10_000)
  await ended
  clearTimeout(killTimer)
}

export interface Outcome {
  stdout: string
  stderr: string
  exitCode: number | null
}

/** The path of a script that starts the CLI. */
export const entry = (name: string) => fileURLToPath(new URL(`../../../../bin/${name}`, import.meta.url))

/** An environment with only the path of this one. */
export function environment(home: string): NodeJS.ProcessEnv {
  return {PATH: process.env['PATH'], HOME: home, XDG_CACHE_HOME: home, XDG_DATA_HOME: home, XDG_CONFIG_HOME: home}
}

async function runProcess(
  script: string,
  args: string[],
  env: NodeJS.ProcessEnv,
  input: string,
  cwd?: string,
): Promise<Outcome> {
  const child = spawn(process.execPath, [script, ...args], {env, ...(cwd !== undefined && {cwd})})
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  child.stdin.on('error', () => undefined).end(input)
  await once(child, 'close')
  return {stdout, stderr, exitCode: child.exitCode}
}

/** A user's machine: its own home directory, and the published command. */
export async function machine(scope: CleanupScope, ca?: string) {
  const home = await temporaryFolder(scope)
  const trust = ca === undefined ? {} : {NODE_EXTRA_CA_CERTS: ca}
  return (args: string[], {input = '', env = {}, cwd}: {input?: string; env?: NodeJS.ProcessEnv; cwd?: string} = {}) =>
    runProcess(entry('run.js'), args, {...environment(home), ...trust, ...env}, input, cwd)
}

/** Runs a `registry` command until it exits. */
export function operate(
  folder: string,
  args: string[],
  input = '',
  env: Record<string, string> = {},
): Promise<Outcome> {
  return runProcess(entry('dev.js'), ['registry', ...args], {...environment(folder), ...env}, input)
}

export interface Served {
  /** The `url` that it printed. */
  url: string
  port: number
  data: string
}

/** A registry in a process, with the user ada, on a free port. */
export async function serveRegistry(scope: CleanupScope, flags: string[]): Promise<Served> {
  const folder = await temporaryFolder(scope)
  const data = path.join(folder, 'data')
  const user = ['user', 'add', 'ada', '--email', 'ada@example.com', '--password-stdin', '--data', data]
  const added = await operate(folder, user, password)
  if (added.exitCode !== 0) throw new Error(added.stderr)
  const args = ['registry', 'serve', '--port', '0', '--json', '--data', data, ...flags]
  const child = spawn(process.execPath, [entry('dev.js'), ...args], {
    env: environment(folder),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  scope.after(() => stop(child))
  const {url} = JSON.parse(await firstLine(child)) as {url: string}
  return {url, port: Number(new URL(url).port), data}
}

/** Waits for the first line that a process prints. Throws if the process ends before. */
export function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let stdout = ''
    let stderr = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
      if (stdout.includes('\n')) resolve(stdout)
    })
    child.once('exit', () => {
      reject(new Error(`the registry ended: ${stdout}${stderr}`))
    })
  })
}

export interface Reply {
  status: number | undefined
  /** The media type without parameters. */
  type: string | undefined
  text: string
}

/** Sends a request without normalizing its path. */
export function send(
  method: string,
  url: string,
  {body, ...options}: Pick<RequestOptions, 'ca' | 'headers' | 'localAddress'> & {body?: string} = {},
): Promise<Reply> {
  const begin = url.startsWith('https:') ? requestHttps : requestHttp
  const headers = {...options.headers, ...(body !== undefined && {'content-type': 'application/json'})}
  return new Promise((resolve, reject) => {
    const sent = begin(url, {...options, method, headers, agent: false}, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => (text += part))
      response.on('error', reject).on('end', () => {
        resolve({status: response.statusCode, type: response.headers['content-type']?.split(';')[0], text})
      })
    })
    sent.on('error', reject).end(body)
  })
}
