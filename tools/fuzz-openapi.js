#!/usr/bin/env node
/**
 * Fuzzes a registry by its OpenAPI document: schemathesis (from PyPI, in a virtual environment) sends what the document
 * allows and what it forbids, and checks that the answers are as documented. Takes about three minutes.
 *
 *     npm run openapi:fuzz -- [--examples N] [--seed N] [--venv FOLDER]
 *
 * Needs python3. A virtual environment that is kept in a folder makes the next run start faster.
 */
import {spawn, spawnSync} from 'node:child_process'
import {createHash} from 'node:crypto'
import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {createInterface} from 'node:readline'
import {parseArgs} from 'node:util'

import {writeArchive} from '@apkg/package-format/archive'

import {fail, root} from './workspace.js'

const schemathesis = 'schemathesis==4.32.5'

/** The operations that refuse with 400 some of what their schemas allow. Anything else that is found fails the run. */
const refusesMore = {
  'POST /auth/tokens': 'a date in the past, or one that the calendar does not have',
  'POST /auth/keys/rotate': 'an attestation that is not a signature by the old key',
  'PUT /packages/{name}': 'metadata that does not match the tarball',
}

/** Operations that can be answered with 401 alone, because nothing that is sent at random is right. */
const neverAuthorized = ['POST /auth/mfa/challenge']

/** Milliseconds that one run may take. */
const timeLimit = 6 * 60_000

/** The user and the package of the document's examples, so that these meet something real. */
const user = {username: 'acme', password: 'correct horse battery staple'}
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
try {
  const st = install(values.venv ?? join(folder, 'venv'))
  const registry = await serve(join(folder, 'registry'))
  await publish(registry, await logIn(registry))
  const session = await logIn(registry)
  const problems = [
    ...(await fuzz(st, registry, session, ['--exclude-operation-id', 'logout'])),
    ...((await isLive(registry, session)) ? [] : ['The session ended during the run, so most of it was not tested.']),
    // It ends its session, and so comes last.
    ...(await fuzz(st, registry, session, [
      '--include-operation-id',
      'logout',
      '--phases',
      'examples,coverage,fuzzing',
    ])),
  ]
  if (problems.length > 0) fail(problems.join('\n'))
} finally {
  server?.kill()
  rmSync(folder, {recursive: true, force: true, maxRetries: 5})
}
console.log('The registry answers as its OpenAPI document says.')

/** @returns the path of the program, installed if it is not there. */
function install(venv) {
  const st = join(venv, 'bin', 'schemathesis')
  if (existsSync(st)) return st
  run('python3', ['-m', 'venv', venv])
  run(join(venv, 'bin', 'pip'), ['install', '--quiet', '--disable-pip-version-check', schemathesis])
  return st
}

function run(program, args, options = {}) {
  const {status, error} = spawnSync(program, args, {stdio: ['ignore', 2, 2], ...options})
  if (status !== 0) fail(`\`${program} ${args.join(' ')}\` failed${error ? `: ${error.message}` : ''}.`)
}

/** Starts a registry with the user. @returns its address. */
async function serve(data) {
  const env = {PATH: process.env.PATH, HOME: folder}
  const apkg = (...args) => [join(root, 'bin/dev.js'), 'registry', ...args, '--data', data]
  const add = apkg('user', 'add', user.username, '--email', 'acme@example.com', '--password-stdin')
  run(process.execPath, add, {env, input: user.password, stdio: ['pipe', 2, 2]})
  server = spawn(process.execPath, apkg('serve', '--port', '0', '--json'), {env, stdio: ['ignore', 'pipe', 'ignore']})
  for await (const line of createInterface({input: server.stdout})) return JSON.parse(line).url
  throw new Error('The registry did not start.')
}

async function logIn(registry) {
  const headers = {'content-type': 'application/json'}
  const response = await fetch(`${registry}/auth/login`, {method: 'POST', headers, body: JSON.stringify(user)})
  return (await response.json()).accessToken
}

async function isLive(registry, session) {
  const {status} = await fetch(`${registry}/auth/whoami`, {headers: {authorization: `Bearer ${session}`}})
  return status === 200
}

async function publish(registry, session) {
  const file = {path: 'apkg.json', isExecutable: false, content: Buffer.from(JSON.stringify(manifest))}
  const tarball = await writeArchive([file])
  const sha256 = createHash('sha256').update(tarball)
  const subject = [{digest: {sha256: sha256.copy().digest('hex')}}]
  const metadata = {...manifest, integrity: `sha256-${sha256.digest('base64')}`, tag: 'beta', provenance: {subject}}
  const body = new FormData()
  body.append('metadata', JSON.stringify(metadata))
  body.append('tarball', new Blob([tarball]), 'package.tar.zst')
  const address = `${registry}/packages/${encodeURIComponent(manifest.name)}`
  const response = await fetch(address, {method: 'PUT', headers: {authorization: `Bearer ${session}`}, body})
  if (response.status !== 201) throw new Error(`The package was not published: ${await response.text()}`)
}

/**
 * Runs schemathesis on a selection of the operations.
 *
 * @returns what is wrong beyond what it prints, a sentence each.
 */
async function fuzz(st, registry, session, selection) {
  const report = join(folder, 'report.json')
  writeFileSync(join(folder, 'schemathesis.toml'), settings())
  const args = [
    ...['run', `${registry}/openapi.json`, '--header', `Authorization: Bearer ${session}`, '--checks', 'all'],
    ...['--max-examples', values.examples, '--seed', values.seed, '--continue-on-failure', '--no-color'],
    ...['--report', 'json', '--report-json-path', report, ...selection],
  ]
  const child = spawn(st, args, {cwd: folder, stdio: ['ignore', 'inherit', 'inherit'], timeout: timeLimit})
  const status = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve))
  if (status !== 0) return [status === null ? 'schemathesis took too long.' : 'The answers are not as documented.']
  const {operations, warnings} = JSON.parse(readFileSync(report, 'utf8'))
  return [
    ...(operations.tested === operations.selected ? [] : ['Some operations were not tested.']),
    ...warnings.unsupported_regex.map((operation) => `${operation}: no value can be generated for a pattern.`),
    ...warnings.missing_auth
      .filter((operation) => !neverAuthorized.includes(operation))
      .map((operation) => `${operation}: was only answered with 401 or 403.`),
  ]
}

/** The settings of schemathesis: of `refusesMore`, 400 is a proper answer to what the schema allows. */
function settings() {
  const statuses = ['2xx', '3xx', '400', '401', '403', '404', '409', '429', '5xx']
  return Object.keys(refusesMore)
    .map((name) =>
      [
        '[[operations]]',
        `include-name = ${JSON.stringify(name)}`,
        `checks.positive_data_acceptance.expected-statuses = ${JSON.stringify(statuses)}`,
      ].join('\n'),
    )
    .join('\n\n')
}
