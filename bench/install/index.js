// Compares the released apkg with `npm ci`: both install 300 packages with the same files from a registry on loopback.
//
// npm run bench:install [-- --rounds 7] [--check]
//
// Each round runs every case once. The ratios are medians over the rounds. `--check` fails if a target is missed. Needs
// the npm registry to install the release.
import {spawn} from 'node:child_process'
import {copyFile, mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {createInterface} from 'node:readline'
import {fileURLToPath} from 'node:url'
import {parseArgs} from 'node:util'

import {formatIntegrity} from '@apkg/package-format'
import {writeArchive} from '@apkg/package-format/archive'

import {createHash} from 'node:crypto'

import {installRelease} from '../installed-release.js'
import {npmManifest, startNpmRegistry} from './npm-registry.js'
import {generatePackages} from './packages.js'

const {values} = parseArgs({
  options: {
    rounds: {type: 'string', default: '7'},
    seed: {type: 'string', default: '20261123'},
    check: {type: 'boolean', default: false},
  },
})

const operator = fileURLToPath(new URL('../../bin/dev.js', import.meta.url))
const password = 'correct horse battery staple'
const scope = '@ada'

/** Ratios of wall time, with their maximum. */
const targets = [
  {of: 'apkg, cold', to: 'npm ci, cold', max: 0.5},
  {of: 'apkg, warm cache', to: 'npm ci, warm cache', max: 0.5},
  {of: 'apkg, nothing to do', to: 'apkg --version', max: 2},
  {of: 'apkg, nothing to do, frozen (re-hashed)', to: 'apkg --version'},
  {of: 'apkg, nothing to do', to: 'apkg config list'},
]

const folder = await mkdtemp(path.join(tmpdir(), 'apkg-bench-'))
const environment = cleanEnvironment(folder)
const cleanups = []
try {
  await bench(generatePackages(Number(values.seed)))
} finally {
  for (const cleanUp of cleanups) await cleanUp()
  await rm(folder, {recursive: true, force: true})
}

async function bench(packages) {
  const apkg = await prepareApkg(packages)
  const npm = await prepareNpm(packages)
  const cases = {
    'npm ci, cold': () => npm.ci({fresh: true, cold: true}),
    'npm ci, warm cache': () => npm.ci({fresh: true}),
    'apkg, cold': () => apkg.frozen({fresh: true, cold: true}),
    'apkg, warm cache': () => apkg.frozen({fresh: true}),
    'apkg, nothing to do': () => apkg.install(),
    'apkg, nothing to do, frozen (re-hashed)': () => apkg.frozen(),
    'apkg --version': () => apkg.run(['--version']),
    'apkg config list': () => apkg.run(['config', 'list']),
  }
  const rounds = []
  for (let round = 0; round <= Number(values.rounds); round++) {
    const measured = {}
    for (const [name, measure] of Object.entries(cases)) measured[name] = await measure()
    // The first round only warms up the disk.
    if (round > 0) rounds.push(measured)
  }
  report(Object.keys(cases), rounds)
}

/** Publishes the packages, and installs them once to create a lockfile. */
async function prepareApkg(packages) {
  const release = await installRelease(folder)
  const data = path.join(folder, 'registry')
  const operate = (args, input) => run(process.execPath, [operator, 'registry', ...args, '--data', data], {input})
  await operate(['user', 'add', 'ada', '--email', 'ada@example.com', '--password-stdin'], password)
  const url = await serve(data)
  const {accessToken} = await post(`${url}/auth/login`, {username: 'ada', password})
  for (const each of packages) await publish(url, accessToken, each)
  const {token} = await post(`${url}/auth/tokens`, {name: 'bench', scopes: ['read']}, accessToken)

  const project = path.join(folder, 'apkg-project')
  await mkdir(project)
  const dependencies = Object.fromEntries(
    packages.filter(({isRoot}) => isRoot).map(({name}) => [`${scope}/${name}`, '^1.0.0']),
  )
  await writeJson(path.join(project, 'apkg.json'), {
    name: `${scope}/project`,
    version: '1.0.0',
    type: 'project',
    dependencies,
  })
  const env = {APKG_TOKEN: token, APKG_REGISTRY: url}
  const apkg = (args, place, cache = 'apkg-cache') =>
    run(process.execPath, [release, ...args], {
      cwd: place,
      env: {...env, APKG_CACHE_DIR: path.join(folder, cache)},
    })
  await apkg(['install'], project)
  const where = places(project, ['apkg.json', 'apkg-lock.json'])
  return {
    install: () => apkg(['install'], project),
    frozen: async (options) => apkg(['install', '--frozen-lockfile'], ...(await where(options))),
    run: (args) => apkg(args, project),
  }
}

async function publish(url, accessToken, {name, dependencies, files}) {
  const manifest = {
    name: `${scope}/${name}`,
    version: '1.0.0',
    type: 'skill',
    description: '',
    license: 'MIT',
    dependencies: Object.fromEntries(dependencies.map((each) => [`${scope}/${each}`, '^1.0.0'])),
    visibility: 'public',
  }
  const bytes = await writeArchive(
    [{path: 'apkg.json', text: `${JSON.stringify(manifest, undefined, 2)}\n`}, ...files].map(({path, text}) => ({
      path,
      isExecutable: false,
      content: Buffer.from(text),
    })),
  )
  const {description: _, ...metadata} = manifest
  const form = new FormData()
  const integrity = formatIntegrity(createHash('sha256').update(bytes).digest())
  form.set('metadata', JSON.stringify({...metadata, integrity}))
  form.set('tarball', new Blob([bytes], {type: 'application/zstd'}), 'package.tar.zst')
  const response = await fetch(`${url}/packages/${encodeURIComponent(manifest.name)}`, {
    method: 'PUT',
    headers: {authorization: `Bearer ${accessToken}`},
    body: form,
  })
  if (!response.ok) throw new Error(`${manifest.name} could not be published: ${await response.text()}`)
}

async function post(url, body, accessToken) {
  const headers = {'content-type': 'application/json', ...(accessToken && {authorization: `Bearer ${accessToken}`})}
  const response = await fetch(url, {method: 'POST', headers, body: JSON.stringify(body)})
  if (!response.ok) throw new Error(`${url} responded with ${response.status}: ${await response.text()}`)
  return response.json()
}

async function prepareNpm(packages) {
  const registry = await startNpmRegistry(packages)
  cleanups.push(registry.close)
  const project = path.join(folder, 'npm-project')
  await mkdir(project)
  const dependencies = Object.fromEntries(packages.filter(({isRoot}) => isRoot).map(({name}) => [name, '^1.0.0']))
  const root = {name: 'project', version: '1.0.0', dependencies}
  await writeJson(path.join(project, 'package.json'), root)
  const locked = packages.map((each) => {
    const {license, ...manifest} = npmManifest(each)
    const resolved = `${registry.url}/${each.name}/-/${each.name}-1.0.0.tgz`
    return [
      `node_modules/${each.name}`,
      {
        version: manifest.version,
        resolved,
        integrity: registry.integrityOf(each.name),
        license,
        dependencies: manifest.dependencies,
      },
    ]
  })
  const lockfile = {
    name: 'project',
    version: '1.0.0',
    lockfileVersion: 3,
    requires: true,
    packages: {'': root, ...Object.fromEntries(locked)},
  }
  await writeJson(path.join(project, 'package-lock.json'), lockfile)
  const {stdout} = await run('npm', ['root', '--global'])
  const npmCli = path.join(stdout.trim(), 'npm/bin/npm-cli.js')
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-update-notifier', `--registry=${registry.url}`]
  const npm = (place, cache = 'npm-cache') =>
    run(process.execPath, [npmCli, 'ci', ...flags, `--cache=${path.join(folder, cache)}`], {cwd: place})
  await npm(project)
  const where = places(project, ['package.json', 'package-lock.json'])
  return {ci: async (options) => npm(...(await where(options)))}
}

/**
 * Returns a function that picks the directory for a case: the project or a fresh copy of its files, with its cache or an
 * empty one. Nothing is deleted between cases, because some file systems create files slowly for seconds after a deletion.
 */
function places(project, files) {
  let count = 0
  return async ({fresh = false, cold = false} = {}) => {
    if (!fresh) return [project]
    const place = `${project}-${++count}`
    await mkdir(place)
    for (const file of files) await copyFile(path.join(project, file), path.join(place, file))
    return cold ? [place, `${path.basename(place)}-cache`] : [place]
  }
}

async function serve(data) {
  const child = spawn(process.execPath, [operator, 'registry', 'serve', '--port', '0', '--json', '--data', data], {
    env: environment,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  cleanups.push(
    () =>
      new Promise((resolve) => {
        child.once('close', resolve)
        child.kill('SIGTERM')
      }),
  )
  for await (const line of createInterface({input: child.stdout})) return JSON.parse(line).url
  throw new Error('The registry did not start')
}

/** Runs a program, which reports its own resource usage. */
async function run(program, args, {cwd = folder, env = {}, input = ''} = {}) {
  const usage = path.join(folder, 'usage.json')
  const measuring = {
    NODE_OPTIONS: `--import=${new URL('report-usage.js', import.meta.url).href}`,
    BENCH_USAGE: usage,
  }
  const started = performance.now()
  const child = spawn(program, args, {
    cwd,
    env: {...environment, ...measuring, ...env},
    stdio: [input === '' ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  })
  child.stdin?.end(input)
  const [stdout, stderr, exitCode] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise((resolve) => child.on('close', resolve)),
  ])
  const wall = performance.now() - started
  if (exitCode !== 0) throw new Error(`${program} ${args.join(' ')} exited with ${exitCode}\n${stdout}${stderr}`)
  return {wall, ...JSON.parse(await readFile(usage, 'utf8')), stdout}
}

function report(names, rounds) {
  console.log(`\n300 packages in three levels, Node ${process.version}, medians of ${rounds.length} rounds\n`)
  console.log(`${'case'.padEnd(42)}${'wall ms'.padStart(10)}${'cpu ms'.padStart(10)}${'peak MiB'.padStart(10)}`)
  for (const name of names) {
    const column = (field) =>
      median(rounds.map((round) => round[name][field]))
        .toFixed(0)
        .padStart(10)
    console.log(`${name.padEnd(42)}${column('wall')}${column('cpu')}${column('rss')}`)
  }
  console.log()
  const missed = targets.filter(({of, to, max}) => {
    const ratio = median(rounds.map((round) => round[of].wall / round[to].wall))
    const verdict = max === undefined ? '' : ratio <= max ? `  (at most ${max}: met)` : `  (at most ${max}: MISSED)`
    console.log(`${`${of} / ${to}`.padEnd(66)}${ratio.toFixed(2).padStart(6)}${verdict}`)
    return max !== undefined && ratio > max
  })
  if (values.check && missed.length > 0) process.exitCode = 1
}

/** An environment that favors neither package manager. */
function cleanEnvironment(place) {
  const home = path.join(place, 'home')
  return {PATH: process.env.PATH, HOME: home, XDG_CACHE_HOME: home, XDG_DATA_HOME: home, XDG_CONFIG_HOME: home}
}

function writeJson(file, value) {
  return writeFile(file, `${JSON.stringify(value, undefined, 2)}\n`)
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

async function text(stream) {
  let all = ''
  for await (const chunk of stream.setEncoding('utf8')) all += chunk
  return all
}
