// Compares the start-up of the released apkg with npm and with two minimal Node scripts.
//
// npm run bench:startup [-- --rounds 21] [--check]
//
// Measures the Node that runs it. Each round runs every case once. The ratios are of CPU time (user and system), and
// medians over the rounds. `--check` fails if a target is missed. Needs bash, and the npm registry to install the
// release.
import {spawn} from 'node:child_process'
import {mkdir, mkdtemp, realpath, rm, writeFile} from 'node:fs/promises'
import {createServer} from 'node:http'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {createInterface} from 'node:readline'
import {fileURLToPath} from 'node:url'
import {parseArgs} from 'node:util'

import {installRelease} from '../installed-release.js'

const {values} = parseArgs({
  options: {rounds: {type: 'string', default: '21'}, check: {type: 'boolean', default: false}},
})

const checkout = fileURLToPath(new URL('../..', import.meta.url))
const node = process.execPath
const major = Number(process.versions.node.split('.')[0])
const yardstick = 'bare GET'
const password = 'correct horse battery staple'

/** Ratios of CPU time, with their maximum. */
const targets = [
  {of: 'apkg --version', to: yardstick, max: 1.25},
  {of: 'apkg --help', to: yardstick, max: 1.6},
  {of: 'apkg token --help', to: yardstick, max: 1.6},
  {of: 'apkg token list', to: yardstick, max: major < 24 ? 2.3 : 2.4, goal: 1.8},
  {of: 'apkg token list, first run ever', to: yardstick, max: 2.7},
  {of: 'apkg token list, with a plugin', to: 'apkg token list', more: 0.4},
  {of: 'apkg token list', to: 'npm token list', max: 0.35},
]

const folder = await mkdtemp(path.join(tmpdir(), 'apkg-bench-'))
const cleanups = []
try {
  await bench()
} finally {
  for (const cleanUp of cleanups) await cleanUp()
  await rm(folder, {recursive: true, force: true})
}

async function bench() {
  const apkg = await installRelease(folder)
  const url = await serveRegistry()
  const npmRegistry = await serveNpmTokens()
  const {output: npmFound} = await run('bash', ['-c', 'command -v npm'])
  const npm = await realpath(npmFound.trim())
  const plain = await home('plain', apkg, url)
  const withPlugin = await home('with-plugin', apkg, url)
  await run(node, [apkg, 'plugins', 'link', '--no-install', await placePlugin()], withPlugin)

  const bare = path.join(folder, 'get.cjs')
  await writeFile(bare, bareGet(url, plain.APKG_TOKEN))
  const {APKG_TOKEN: _, ...stored} = plain
  const {APKG_TOKEN: _also, ...storedWithPlugin} = withPlugin
  const npmFlags = [`--registry=${npmRegistry}`, '--no-update-notifier', `--${npmRegistry.slice(5)}:_authToken=bench`]
  const cases = {
    'node -e 0': () => [['-e', '0']],
    [yardstick]: () => [[bare]],
    'apkg --version': () => [[apkg, '--version'], stored],
    'apkg --help': () => [[apkg, '--help'], stored],
    'apkg token --help': () => [[apkg, 'token', '--help'], stored],
    'apkg token list': () => [[apkg, 'token', 'list'], stored],
    'apkg token list, first run ever': (round) => [
      [apkg, 'token', 'list'],
      {...stored, XDG_CACHE_HOME: path.join(folder, `cache-${round}`)},
    ],
    'apkg token list, with a plugin': () => [[apkg, 'token', 'list'], storedWithPlugin],
    'npm --version': () => [[npm, '--version'], stored],
    'npm token list': () => [[npm, 'token', 'list', ...npmFlags], stored],
  }
  // Run each case once with its output, so that a failing case shows why.
  for (const make of Object.values(cases)) {
    const [args, env] = make('dry-run')
    await run(node, args, env)
  }
  const rounds = []
  // The first round only warms up the disk and the caches.
  for (let round = -1; round < Number(values.rounds); round++) {
    const measured = {}
    for (const [name, make] of Object.entries(cases)) measured[name] = await measure(...make(round))
    if (round >= 0) rounds.push(measured)
  }
  report(Object.keys(cases), rounds)
}

/** Starts our registry with one user. */
async function serveRegistry() {
  const data = path.join(folder, 'registry')
  const dev = path.join(checkout, 'bin/dev.js')
  const user = ['registry', 'user', 'add', 'ada', '--email', 'ada@example.com', '--password-stdin', '--data', data]
  await run(node, [dev, ...user], environment('registry'), password)
  const child = spawn(node, [dev, 'registry', 'serve', '--port', '0', '--json', '--data', data], {
    env: environment('registry'),
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  cleanups.push(() => stop(child))
  for await (const line of createInterface({input: child.stdout})) return JSON.parse(line).url
  throw new Error('The registry did not start')
}

/** Serves just enough of npm's registry for `npm token list`. */
async function serveNpmTokens() {
  const created = new Date(0).toISOString()
  const objects = ['a', 'b', 'c'].map((key) => ({
    key: key.repeat(64),
    token: `npm_${key}`,
    name: key,
    created,
    updated: created,
    readonly: false,
    automation: true,
    cidr_whitelist: null,
  }))
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify({objects, urls: {}}))
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanups.push(() => new Promise((resolve) => server.close(resolve)))
  return `http://127.0.0.1:${server.address().port}/`
}

/** The environment of a user who has logged in and has a token. */
async function home(name, apkg, url) {
  const env = {...environment(name), APKG_REGISTRY: url}
  await run(node, [apkg, 'login', '--username', 'ada', '--password-stdin'], env, password)
  const {output} = await run(node, [apkg, 'token', 'create', '--label', `bench-${name}`], env)
  return {...env, APKG_TOKEN: output.trim()}
}

/** A clean environment, because variables such as NODE_EXTRA_CA_CERTS slow down every start of Node 20. */
function environment(name) {
  const place = path.join(folder, name)
  return {
    PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH}`,
    HOME: place,
    XDG_CACHE_HOME: path.join(place, '.cache'),
    XDG_DATA_HOME: path.join(place, '.data'),
    XDG_CONFIG_HOME: path.join(place, '.config'),
  }
}

/** Creates a plugin with a manifest, one command and no hook. */
async function placePlugin() {
  const place = path.join(folder, 'plugin')
  await mkdir(path.join(place, 'commands'), {recursive: true})
  const pjson = {name: 'apkg-plugin-bench', version: '1.0.0', type: 'module', oclif: {commands: './commands'}}
  const command = {
    id: 'bench',
    aliases: [],
    hiddenAliases: [],
    args: {},
    flags: {},
    isESM: true,
    relativePath: ['commands', 'bench.js'],
  }
  await writeFile(path.join(place, 'package.json'), JSON.stringify(pjson))
  await writeFile(path.join(place, 'commands/bench.js'), 'export default class Bench { static run() {} }\n')
  const manifest = {version: '1.0.0', commands: {bench: command}}
  await writeFile(path.join(place, 'oclif.manifest.json'), JSON.stringify(manifest))
  return place
}

/** A minimal script that fetches the tokens and prints them. */
function bareGet(url, token) {
  return `
require('node:http').get('${url}/auth/tokens', {headers: {authorization: 'Bearer ${token}'}}, (response) => {
  let text = ''
  response.setEncoding('utf8').on('data', (chunk) => (text += chunk))
  response.on('end', () => console.log(JSON.parse(text)))
})
`
}

/** Measures wall and CPU time of a process in milliseconds. The shell does it, so that nothing is loaded into the process. */
async function measure(args, env = environment('bare')) {
  const line = 'TIMEFORMAT="%R %U %S"; time "$0" "$@" >/dev/null 2>/dev/null'
  const {errors} = await run('bash', ['-c', line, node, ...args], env)
  const [wall, user, system] = errors
    .trim()
    .split(' ')
    .map((seconds) => Number(seconds) * 1000)
  return {wall, cpu: user + system}
}

function report(names, rounds) {
  console.log(`\nNode ${process.version}, medians of ${rounds.length} rounds\n`)
  console.log(`${'case'.padEnd(36)}${['wall ms', 'cpu ms', 'cpu ratio'].map((title) => title.padStart(11)).join('')}`)
  for (const name of names) {
    const [wall, cpu] = ['wall', 'cpu'].map((field) => median(rounds.map((round) => round[name][field])).toFixed(0))
    const cells = [wall, cpu, ratio(rounds, name, yardstick).toFixed(2)]
    console.log(`${name.padEnd(36)}${cells.map((cell) => cell.padStart(11)).join('')}`)
  }
  console.log()
  for (const {of, to, max, goal, more} of targets) {
    const value =
      more === undefined ? ratio(rounds, of, to) : ratio(rounds, of, yardstick) - ratio(rounds, to, yardstick)
    const limit = more ?? max
    const isMet = value <= limit
    const name = more === undefined ? `${of} / ${to}` : `${of} - ${to}`
    const goalText = goal === undefined ? '' : `, the goal is ${goal}`
    console.log(
      `${name.padEnd(66)}${value.toFixed(2).padStart(6)}  (at most ${limit}: ${isMet ? 'met' : 'MISSED'}${goalText})`,
    )
    if (values.check && !isMet) process.exitCode = 1
  }
}

function ratio(rounds, of, to) {
  return median(rounds.map((round) => round[of].cpu / round[to].cpu))
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/** Runs a program and waits for it. */
async function run(program, args, env = {...process.env}, input = '') {
  const child = spawn(program, args, {cwd: folder, env, stdio: [input === '' ? 'ignore' : 'pipe', 'pipe', 'pipe']})
  child.stdin?.end(input)
  const [output, errors, exitCode] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise((resolve) => child.on('close', resolve)),
  ])
  if (exitCode !== 0) throw new Error(`${program} ${args.join(' ')} exited with ${exitCode}\n${output}${errors}`)
  return {output, errors}
}

function stop(child) {
  return new Promise((resolve) => {
    child.once('close', resolve)
    child.kill('SIGTERM')
  })
}

async function text(stream) {
  let all = ''
  for await (const chunk of stream.setEncoding('utf8')) all += chunk
  return all
}
