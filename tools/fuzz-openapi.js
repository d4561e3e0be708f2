#!/usr/bin/env node
/**
 * Fuzzes a registry through its OpenAPI document: schemathesis sends requests that the document allows and requests that
 * it forbids, and checks that each response is documented. Takes about two minutes.
 *
 *     npm run openapi:fuzz -- [--examples N] [--seed N] [--venv DIRECTORY]
 *
 * Needs python3 with `venv`, and PyPI. With `--venv`, schemathesis is installed there and reused by the next run.
 */
import {spawn, spawnSync} from 'node:child_process'
import {createHash} from 'node:crypto'
import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join, resolve} from 'node:path'
import {createInterface} from 'node:readline'
import {parseArgs} from 'node:util'

import {writeArchive} from '@apkg/package-format/archive'

import {fail, root} from './workspace.js'

/** Exact versions, so that a seed generates the same requests everywhere. */
const requirements = join(root, 'tools/schemathesis.txt')

/** Operations that reject requests that their schemas allow, and which. Any other finding fails the run. */
const stricter = {
  'POST /auth/device/token': 'a device code with an authorization code, or neither',
  'POST /auth/step-up/device/token': 'a device code with an authorization code, or neither',
  'POST /auth/tokens': 'a date in the past, or one that does not exist',
  'POST /auth/tokens/{id}/rotate': 'a date in the past, or one that does not exist',
  'PUT /packages/{name}': 'metadata that does not match the tarball',
}

/** Operations that always respond with 401, because random values are never valid. */
const neverAuthorized = ['POST /auth/mfa/challenge', 'POST /auth/oidc/exchange']

/**
 * Operations after which others are refused, so each is fuzzed alone, in this order. Those on users and members could end
 * the session, or the role that it needs, because a list names its own user. The last one ends the session.
 */
const blocking = [
  ...['setOrganizationMember', 'removeOrganizationMember', 'setUserPassword', 'resetUser', 'endUserAccess'],
  ...['requireTrustedPublishing', 'logout'],
]

/** Milliseconds that a run of schemathesis can take. */
const timeLimit = 10 * 60_000

/** Who and what the document's examples name, so that requests with these values succeed. */
const user = {username: 'acme', password: 'correct horse battery staple'}
const member = 'ada'
const organization = 'acme-labs'
const manifest = {name: '@acme/deploy', version: '1.2.3', type: 'skill', visibility: 'public'}

const {values} = parseArgs({
  options: {
    examples: {type: 'string', default: '30'},
    seed: {type: 'string', default: '1'},
    venv: {type: 'string'},
  },
})

const folder = mkdtempSync(join(tmpdir(), 'apkg-fuzz-'))
let server
process.once('exit', () => {
  server?.kill('SIGKILL')
  rmSync(folder, {recursive: true, force: true, maxRetries: 5})
})
const schemathesis = install(values.venv === undefined ? join(folder, 'venv') : resolve(values.venv))
const registry = await serve(join(folder, 'registry'))
await publish(await logIn())
const session = await logIn()
const problems = await fuzz(blocking.flatMap((id) => ['--exclude-operation-id', id]))
for (const id of blocking) {
  if (!(await isLive())) problems.push('The session ended during the run, so some operations were not tested.')
  problems.push(...(await fuzz(['--include-operation-id', id, '--phases', 'examples,coverage,fuzzing'])))
}
if (problems.length > 0) fail(problems.join('\n'))
console.log('All responses match the document.')
process.exit()

/** Installs schemathesis if it is not installed yet. @returns the path of its program */
function install(venv) {
  const program = join(venv, 'bin', 'schemathesis')
  if (existsSync(program)) return program
  run('python3', ['-m', 'venv', venv])
  run(join(venv, 'bin', 'pip'), ['install', '--quiet', '--disable-pip-version-check', '--requirement', requirements])
  return program
}

function run(program, args, options = {}) {
  const {status, error} = spawnSync(program, args, {stdio: ['ignore', 2, 2], ...options})
  if (status !== 0) fail(`\`${program} ${args.join(' ')}\` failed${error ? `: ${error.message}` : ''}.`)
}

/** Starts a registry with both users and the organization, of which the first one is an admin. @returns its URL */
async function serve(data) {
  const env = {PATH: process.env.PATH, HOME: folder}
  const apkg = (...args) => [join(root, 'bin/dev.js'), 'registry', ...args, '--data', data]
  for (const username of [user.username, member]) {
    const add = apkg('user', 'add', username, '--email', `${username}@example.com`, '--password-stdin')
    run(process.execPath, add, {env, input: user.password, stdio: ['pipe', 2, 2]})
  }
  run(process.execPath, apkg('org', 'create', organization), {env})
  run(process.execPath, apkg('org', 'add', organization, user.username, '--role', 'admin'), {env})
  run(process.execPath, apkg('operator', 'add', user.username), {env})
  server = spawn(process.execPath, apkg('serve', '--port', '0', '--json'), {env, stdio: ['ignore', 'pipe', 'ignore']})
  for await (const line of createInterface({input: server.stdout})) return JSON.parse(line).url
  throw new Error('The registry did not start.')
}

async function logIn() {
  const headers = {'content-type': 'application/json'}
  const response = await fetch(`${registry}/auth/login`, {method: 'POST', headers, body: JSON.stringify(user)})
  return (await response.json()).accessToken
}

async function isLive() {
  const {status} = await fetch(`${registry}/auth/whoami`, {headers: {authorization: `Bearer ${session}`}})
  return status === 200
}

async function publish(credential) {
  const file = {path: 'apkg.json', isExecutable: false, content: Buffer.from(JSON.stringify(manifest))}
  const tarball = await writeArchive([file])
  const sha256 = createHash('sha256').update(tarball)
  const subject = [{digest: {sha256: sha256.copy().digest('hex')}}]
  const metadata = {...manifest, integrity: `sha256-${sha256.digest('base64')}`, tag: 'beta', provenance: {subject}}
  const body = new FormData()
  body.append('metadata', JSON.stringify(metadata))
  body.append('tarball', new Blob([tarball]), 'package.tar.zst')
  const address = `${registry}/packages/${encodeURIComponent(manifest.name)}`
  const response = await fetch(address, {method: 'PUT', headers: {authorization: `Bearer ${credential}`}, body})
  if (response.status !== 201) throw new Error(`The package was not published: ${await response.text()}`)
}

/**
 * Runs schemathesis, which prints the details itself.
 *
 * @param selection the arguments that select operations
 * @returns problems, as sentences
 */
async function fuzz(selection) {
  const report = join(folder, 'report.json')
  writeFileSync(join(folder, 'schemathesis.toml'), settings())
  const args = [
    ...['run', `${registry}/openapi.json`, '--header', `Authorization: Bearer ${session}`, '--checks', 'all'],
    ...['--max-examples', values.examples, '--seed', values.seed, '--continue-on-failure', '--no-color'],
    ...['--report', 'json', '--report-json-path', report, ...selection],
  ]
  const child = spawn(schemathesis, args, {cwd: folder, stdio: ['ignore', 'inherit', 'inherit'], timeout: timeLimit})
  const status = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve))
  if (status !== 0) return [status === null ? 'schemathesis timed out.' : 'Some responses do not match the document.']
  const {operations, warnings} = JSON.parse(readFileSync(report, 'utf8'))
  return [
    ...(operations.tested === operations.selected ? [] : ['Some operations were not tested.']),
    ...warnings.unsupported_regex.map((operation) => `${operation}: cannot generate a value for a pattern.`),
    ...warnings.missing_auth
      .filter((operation) => !neverAuthorized.includes(operation))
      .map((operation) => `${operation}: all responses were 401 or 403.`),
  ]
}

/**
 * Returns the settings of schemathesis, which allow 400 for the operations in `stricter`. 413 counts as a rejection of
 * invalid data, too, because a list that is too long can be a body that is too large. 422 counts as an acceptance, because
 * the document's example of an idempotency key is sent with other bodies, too.
 */
function settings() {
  const acceptances = ['2xx', '3xx', '401', '403', '404', '409', '422', '429', '5xx']
  const rejections = ['400', '401', '403', '404', '405', '406', '409', '413', '415', '422', '428', '429', '5xx']
  const general = [
    `checks.negative_data_rejection.expected-statuses = ${JSON.stringify(rejections)}`,
    `checks.positive_data_acceptance.expected-statuses = ${JSON.stringify(acceptances)}`,
  ]
  const operations = Object.keys(stricter).map((name) =>
    [
      '[[operations]]',
      `include-name = ${JSON.stringify(name)}`,
      `checks.positive_data_acceptance.expected-statuses = ${JSON.stringify([...acceptances, '400'])}`,
    ].join('\n'),
  )
  return [...general, ...operations].join('\n\n')
}
