// Compares what requests cost a registry with the least that a server can do, and with Verdaccio.
//
// npm run bench:registry -- [--rounds 9] [--seconds 1] [--without-verdaccio] [--cases whoami,tarball] [--check] [checkout]
//
// Each round asks each server for each case, in turn. Servers run on the first core, the load on the second. The figure is
// the server's own CPU time per request, as Linux counts it, and ratios are medians over the rounds. With another checkout,
// which has to be built, its registry takes part in the same rounds.
import {randomBytes} from 'node:crypto'
import {execFileSync, spawnSync} from 'node:child_process'
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {fileURLToPath} from 'node:url'
import {parseArgs} from 'node:util'

import {runLoad, startServer} from './processes.js'
import {apkgRequests, verdaccioRequests, yardstickRequests} from './requests.js'
import {startVerdaccio} from './verdaccio.js'

const {values, positionals} = parseArgs({
  allowPositionals: true,
  options: {
    rounds: {type: 'string', default: '9'},
    seconds: {type: 'string', default: '1'},
    cases: {type: 'string'},
    'without-verdaccio': {type: 'boolean', default: false},
    check: {type: 'boolean', default: false},
  },
})

/**
 * The target of the yardstick, the most that a request can cost compared with it, and how many times as much it has to
 * cost Verdaccio. A case that changes something sends `count` requests per round.
 */
const allCases = {
  whoami: {target: '/', max: 4.5, verdaccio: 12},
  'token list': {target: '/'},
  packument: {target: '/', verdaccio: 5},
  'packument 304': {target: '/', max: 5},
  tarball: {target: '/file', max: 1.3},
  search: {target: '/'},
  'token create': {target: '/', count: 300},
  publish: {target: '/', count: 40},
}
const chosen = values.cases?.split(',') ?? Object.keys(allCases)
const cases = Object.fromEntries(chosen.map((name) => [name, allCases[name]]))
const hasWrk = spawnSync('wrk', ['--version']).error === undefined
const connections = 64
/** Verdaccio fails when two publish the same package at once. */
const writers = 1
const here = fileURLToPath(new URL('../..', import.meta.url))
const folder = mkdtempSync(path.join(tmpdir(), 'apkg-bench-'))
const servers = []
try {
  const sides = await startAll()
  report(sides, await measure(sides))
} finally {
  for (const server of servers) await server.stop()
  rmSync(folder, {recursive: true, force: true})
}

async function startAll() {
  const tarball = randomBytes(1024 * 1024)
  const file = path.join(folder, 'tarball')
  writeFileSync(file, tarball)
  const yardstick = await start(
    'yardstick',
    [process.execPath, fileURLToPath(new URL('yardstick.js', import.meta.url))],
    {
      env: {BENCH_FILE: file},
    },
  )
  const sides = {
    yardstick: {
      server: yardstick,
      requests: Object.fromEntries(
        Object.entries(cases).map(([name, {target}]) => [name, () => yardstickRequests(yardstick, target)]),
      ),
    },
    apkg: await startApkg('apkg', here),
  }
  for (const checkout of positionals)
    sides[checkout] = await startApkg(`other-${servers.length}`, path.resolve(checkout))
  if (!values['without-verdaccio']) {
    // Not in the directory of this run, so that it is installed only once.
    const verdaccio = await startVerdaccio(path.join(tmpdir(), 'apkg-bench-verdaccio'), {
      log: path.join(folder, 'verdaccio.log'),
      tarball,
    })
    servers.push(verdaccio)
    sides.verdaccio = {server: verdaccio, requests: await verdaccioRequests(verdaccio)}
  }
  return sides
}

async function start(name, command, options = {}) {
  const server = await startServer(command, {log: path.join(folder, `${name}.log`), ...options})
  servers.push(server)
  return server
}

/** Starts a registry with its log, on its own small data directory. */
async function startApkg(name, checkout) {
  const data = path.join(folder, name)
  mkdirSync(data)
  const seed = path.join(here, 'bench/registry/seed.js')
  const sizes = ['--packages', '100', '--tokens', '1000', '--versions', '20']
  const seeded = JSON.parse(execFileSync(process.execPath, [seed, data, ...sizes, '--checkout', checkout]).toString())
  const bin = path.join(checkout, 'bin/dev.js')
  const server = await start(
    name,
    [process.execPath, bin, 'registry', 'serve', '--data', data, '--port', '0', '--json'],
    {
      env: {NODE_ENV: 'production'},
    },
  )
  return {server, requests: await apkgRequests(server, seeded)}
}

async function measure(sides) {
  await warmUp(sides)
  const measured = []
  for (let round = 0; round < Number(values.rounds); round++) {
    const costs = {}
    for (const [name, {count}] of Object.entries(cases)) {
      const order = Object.entries(sides)
      for (const [side, {server, requests}] of round % 2 === 0 ? order : order.toReversed()) {
        costs[`${name} ${side}`] = await costOf(server, await requests[name](count), count)
      }
    }
    measured.push(costs)
  }
  return measured
}

/** Code that wasn't compiled yet costs many times as much. On a busy machine, that takes a while. */
async function warmUp(sides) {
  const enough = 4000
  const longest = 20_000
  for (const [name, {count}] of Object.entries(cases)) {
    for (const {requests} of Object.values(sides)) {
      const end = Date.now() + longest
      for (let sent = 0; sent < enough && Date.now() < end;) {
        const {requests: more} = await send(await requests[name](count), count)
        // Changes are too expensive to warm up for long.
        sent += count === undefined ? more : enough / 2
      }
    }
  }
}

/** @returns microseconds of CPU time per request, and requests per second. */
async function costOf(server, requests, count) {
  const before = server.cpu()
  const {requests: sent, seconds} = await send(requests, count)
  return {cpu: (server.cpu() - before) / sent, perSecond: sent / seconds}
}

function send(requests, count) {
  return count === undefined && hasWrk ? runWrk(requests) : sendAll(requests, count)
}

/** wrk costs less than a load in JavaScript, so it leaves more of the core to others. */
async function runWrk(requests) {
  const script = path.join(folder, 'load.lua')
  const [{url}] = requests
  const formatted = requests.map(({method, url, headers}) => {
    const fields = Object.entries(headers).map(
      ([name, value]) => `[${JSON.stringify(name)}] = ${JSON.stringify(value)}`,
    )
    return `wrk.format(${JSON.stringify(method)}, ${JSON.stringify(url.replace(/^https?:\/\/[^/]+/, ''))}, {${fields.join()}})`
  })
  writeFileSync(
    script,
    `
function init() requests = {${formatted.join(',\n')}} end
local sent = 0
function request() sent = sent + 1 return requests[sent % #requests + 1] end
function done(summary)
  if summary.errors.status + summary.errors.read + summary.errors.connect > 0 then error('requests failed') end
  print(string.format('{"requests": %d, "seconds": %f}', summary.requests, summary.duration / 1e6))
end`,
  )
  const printed = await runLoad([
    'wrk',
    '-t1',
    `-c${connections}`,
    `-d${values.seconds}s`,
    '-s',
    script,
    new URL(url).origin,
  ])
  return JSON.parse(printed.trimEnd().split('\n').at(-1))
}

/** @param count how many changes to send; by default, as many reads as take about a second. */
async function sendAll(requests, count) {
  const load = count === undefined ? {connections, count: 2000 * Number(values.seconds)} : {connections: writers, count}
  const file = path.join(folder, 'load.json')
  writeFileSync(file, JSON.stringify({requests, ...load}))
  return JSON.parse(await runLoad([process.execPath, fileURLToPath(new URL('load.js', import.meta.url)), file]))
}

function report(sides, rounds) {
  const others = Object.keys(sides).filter((side) => side !== 'yardstick')
  console.log(
    `CPU time per request: microseconds, and compared with the yardstick in the same round (${rounds.length} rounds)`,
  )
  let isMissed = false
  for (const [name, {max = Infinity, verdaccio: atLeast = 0}] of Object.entries(cases)) {
    const cpu = (side) => rounds.map((round) => round[`${name} ${side}`].cpu)
    const ratio = (a, b) => median(cpu(a).map((each, round) => each / cpu(b)[round]))
    const columns = others.map((side) => {
      const perSecond = median(rounds.map((round) => round[`${name} ${side}`].perSecond))
      return `${side} ${median(cpu(side)).toFixed(0)} µs, ${ratio(side, 'yardstick').toFixed(2)} times, ${perSecond.toFixed(0)}/s`
    })
    const lead = sides.verdaccio ? ratio('verdaccio', 'apkg') : undefined
    const isFast = ratio('apkg', 'yardstick') <= max && (lead === undefined || lead >= atLeast)
    isMissed ||= !isFast
    const compared = lead === undefined ? '' : ` | Verdaccio costs ${lead.toFixed(1)} times as much`
    console.log(
      `${name.padEnd(15)} yardstick ${median(cpu('yardstick')).toFixed(1)} µs | ${columns.join(' | ')}${compared}${isFast ? '' : ' (missed)'}`,
    )
  }
  if (isMissed && values.check) process.exitCode = 1
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]
}
