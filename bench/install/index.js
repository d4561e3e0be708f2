// Compares the released apkg with npm, pnpm, bun and the first client of the protocol: each installs 300 packages with the
// same files from a registry on loopback, exactly as its lockfile says.
//
// npm run bench:install [-- --rounds 7] [--check] [--original PATH] [--release PATH]
//
// Each round runs every case once. The ratios are medians over the rounds. `--check` fails if a target is missed.
// `--original` is a program of the first client, which is left out otherwise. `--release` is the entry point of another
// release of apkg, which is measured next to this one. Needs bash, and the npm registry to install the programs.
import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {parseArgs} from 'node:util'

import {installRelease} from '../installed-release.js'
import {prepareApkg, startRegistry} from './apkg-clients.js'
import {installNpmClients, prepareNpmClient} from './npm-clients.js'
import {startNpmRegistry} from './npm-registry.js'
import {generatePackages} from './packages.js'

const {values} = parseArgs({
  options: {
    rounds: {type: 'string', default: '7'},
    seed: {type: 'string', default: '20261123'},
    check: {type: 'boolean', default: false},
    original: {type: 'string'},
    release: {type: 'string'},
  },
})

/** Ratios of wall time, with their maximum. */
const targets = [
  {of: 'apkg, cold', to: 'npm, cold', max: 0.5},
  {of: 'apkg, warm cache', to: 'npm, warm cache', max: 0.5},
  {of: 'apkg, cold', to: 'pnpm, cold'},
  {of: 'apkg, warm cache', to: 'pnpm, warm cache'},
  {of: 'apkg, cold', to: 'bun, cold'},
  {of: 'apkg, warm cache', to: 'bun, warm cache'},
  {of: 'apkg, cold', to: 'first client, cold', max: 2},
  {of: 'apkg, warm cache', to: 'first client, warm cache', max: 1.5},
  {of: 'apkg, cold', to: 'other release, cold'},
  {of: 'apkg, warm cache', to: 'other release, warm cache'},
  {of: 'apkg, nothing to do', to: 'other release, nothing to do'},
  {of: 'apkg, nothing to do', to: 'apkg --version', max: 2},
  {of: 'apkg, nothing to do, frozen (re-hashed)', to: 'apkg --version'},
  {of: 'apkg, nothing to do', to: 'apkg config list'},
]

const folder = await mkdtemp(path.join(tmpdir(), 'apkg-bench-'))
const env = cleanEnvironment(folder)
const cleanups = []
try {
  await bench(generatePackages(Number(values.seed)))
} finally {
  for (const cleanUp of cleanups) await cleanUp()
  await rm(folder, {recursive: true, force: true})
}

async function bench(packages) {
  const cases = {...(await npmCases(packages)), ...(await apkgCases(packages))}
  const rounds = []
  for (let round = 0; round <= Number(values.rounds); round++) {
    const measured = {}
    for (const [name, measure] of Object.entries(cases)) measured[name] = await measure()
    // The first round only warms up the disk.
    if (round > 0) rounds.push(measured)
  }
  report(Object.keys(cases), rounds)
}

async function npmCases(packages) {
  const registry = await startNpmRegistry(packages)
  cleanups.push(registry.close)
  const cases = {}
  for (const client of await installNpmClients(folder)) {
    const frozen = await prepareNpmClient(client, packages, registry, folder, env)
    console.log(`${client.name} ${client.version}`)
    cases[`${client.name}, cold`] = () => frozen({cold: true})
    cases[`${client.name}, warm cache`] = () => frozen()
  }
  return cases
}

async function apkgCases(packages) {
  const release = await installRelease(folder)
  const registry = await startRegistry(packages, folder, env)
  cleanups.push(registry.stop)
  const prepare = async (name, command, cacheVariable) =>
    prepareApkg({name, command, cacheVariable}, registry, folder, env)
  const cases = {}
  if (values.original !== undefined) {
    // It keeps its cache in the home directory.
    const original = await prepare('original', [path.resolve(values.original)], 'HOME')
    cases['first client, cold'] = () => original.frozen({cold: true})
    cases['first client, warm cache'] = () => original.frozen()
  }
  const releases = {apkg: release, ...(values.release !== undefined && {'other release': path.resolve(values.release)})}
  for (const [name, entry] of Object.entries(releases)) {
    const apkg = await prepare(name.replace(' ', '-'), [process.execPath, entry], 'APKG_CACHE_DIR')
    cases[`${name}, cold`] = () => apkg.frozen({cold: true})
    cases[`${name}, warm cache`] = () => apkg.frozen()
    cases[`${name}, nothing to do`] = () => apkg.run(['install'])
    cases[`${name}, nothing to do, frozen (re-hashed)`] = () => apkg.run(['install', '--frozen-lockfile'])
    cases[`${name} --version`] = () => apkg.run(['--version'])
    cases[`${name} config list`] = () => apkg.run(['config', 'list'])
  }
  return cases
}

function report(names, rounds) {
  console.log(`\n300 packages in three levels, Node ${process.version}, medians of ${rounds.length} rounds\n`)
  console.log(`${'case'.padEnd(50)}${'wall ms'.padStart(10)}${'cpu ms'.padStart(10)}${'peak MiB'.padStart(10)}`)
  for (const name of names) {
    const column = (field) =>
      median(rounds.map((round) => round[name][field]))
        .toFixed(0)
        .padStart(10)
    console.log(`${name.padEnd(50)}${column('wall')}${column('cpu')}${column('peak')}`)
  }
  console.log()
  const measured = targets.filter(({of, to}) => names.includes(of) && names.includes(to))
  const missed = measured.filter(({of, to, max}) => {
    const ratio = median(rounds.map((round) => round[of].wall / round[to].wall))
    const verdict = max === undefined ? '' : ratio <= max ? `  (at most ${max}: met)` : `  (at most ${max}: MISSED)`
    console.log(`${`${of} / ${to}`.padEnd(66)}${ratio.toFixed(2).padStart(6)}${verdict}`)
    return max !== undefined && ratio > max
  })
  if (values.check && missed.length > 0) process.exitCode = 1
}

/** An environment that favors none of the programs. */
function cleanEnvironment(place) {
  const home = path.join(place, 'home')
  return {PATH: process.env.PATH, HOME: home, XDG_CACHE_HOME: home, XDG_DATA_HOME: home, XDG_CONFIG_HOME: home}
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
