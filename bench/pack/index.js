// Compares `apkg pack --dry-run` of the release with `npm pack --dry-run` of the same files.
//
// npm run bench:pack [-- --rounds 7] [--check]
//
// Each round runs every case once. The ratios of time are medians over the rounds. `--check` fails if a target is missed.
// Needs the npm registry to install the release.
import {spawn} from 'node:child_process'
import {mkdir, mkdtemp, readFile, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {parseArgs} from 'node:util'

import {installRelease} from '../installed-release.js'
import {trees, writeTree} from './trees.js'

const {values} = parseArgs({
  options: {rounds: {type: 'string', default: '7'}, check: {type: 'boolean', default: false}},
})

/** Of apkg to npm. */
const targets = {wall: 1.5, cpu: 1.5, size: 1.05}

const usageReporter = new URL('../install/report-usage.js', import.meta.url).href
const sources = fileURLToPath(new URL('../../node_modules', import.meta.url))
const folder = await mkdtemp(path.join(tmpdir(), 'apkg-bench-'))
try {
  await bench()
} finally {
  await rm(folder, {recursive: true, force: true})
}

async function bench() {
  const apkg = await installRelease(folder)
  const {output} = await run('npm', ['root', '--global'], folder)
  const npm = path.join(output.trim(), 'npm/bin/npm-cli.js')
  const flags = ['pack', '--dry-run', '--json']
  let isMissed = false
  for (const tree of trees) {
    const place = path.join(folder, tree.name)
    await mkdir(place)
    const bytes = await writeTree(sources, place, tree)
    const rounds = []
    // The first round only warms up the disk and the caches.
    for (let round = -1; round < Number(values.rounds); round++) {
      const npmRun = await measure([npm, ...flags, '--no-update-notifier'], place)
      const apkgRun = await measure([apkg, ...flags], place)
      if (round >= 0) rounds.push({npm: npmRun, apkg: apkgRun})
    }
    isMissed = report(tree, bytes, rounds) || isMissed
  }
  if (values.check && isMissed) process.exitCode = 1
}

/** Packs, and returns how long that took and the size of the tarball. */
async function measure(args, cwd) {
  const {output, ...usage} = await run(process.execPath, args, cwd, {NODE_OPTIONS: `--import=${usageReporter}`})
  const parsed = JSON.parse(output)
  const {size} = Array.isArray(parsed) ? parsed[0] : parsed
  const {cpu, rss} = JSON.parse(await readFile(path.join(folder, 'usage.json'), 'utf8'))
  return {...usage, cpu, rss, size}
}

async function run(program, args, cwd, env = {}) {
  const home = path.join(folder, 'home')
  const started = performance.now()
  const child = spawn(program, args, {
    cwd,
    env: {
      PATH: process.env.PATH,
      HOME: home,
      XDG_CACHE_HOME: home,
      BENCH_USAGE: path.join(folder, 'usage.json'),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [output, errors, exitCode] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise((resolve) => child.on('close', resolve)),
  ])
  if (exitCode !== 0) throw new Error(`${program} ${args.join(' ')} exited with ${exitCode}\n${output}${errors}`)
  return {wall: performance.now() - started, output}
}

/** @returns whether a target was missed */
function report({name}, {files, size}, rounds) {
  console.log(
    `\n${name}: ${files} files, ${(size / 1e6).toFixed(1)} MB; Node ${process.version}, ${rounds.length} rounds\n`,
  )
  console.log(`${'program'.padEnd(10)}${['wall ms', 'cpu ms', 'peak MiB', 'tarball kB'].map(cell).join('')}`)
  for (const program of ['npm', 'apkg']) {
    const of = (field, unit = 1) => cell((median(rounds.map((round) => round[program][field])) / unit).toFixed(0))
    console.log(`${program.padEnd(10)}${of('wall')}${of('cpu')}${of('rss')}${of('size', 1000)}`)
  }
  let isMissed = false
  for (const [field, max] of Object.entries(targets)) {
    const ratio = median(rounds.map(({apkg, npm}) => apkg[field] / npm[field]))
    isMissed ||= ratio > max
    console.log(`${field.padEnd(6)}${ratio.toFixed(2)}  (at most ${max}: ${ratio > max ? 'MISSED' : 'met'})`)
  }
  return isMissed
}

function cell(value) {
  return value.padStart(12)
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
