#!/usr/bin/env node
/**
 * Records the main use case for the README: real commands in a shell on a pseudo-terminal, with a registry on loopback.
 * Only the timing is evened out; the output is unchanged. Writes `docs/images/main-job.svg`.
 */
import {spawn, spawnSync} from 'node:child_process'
import {mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {createInterface} from 'node:readline'
import {setTimeout as sleep} from 'node:timers/promises'

import {spawn as spawnOnTerminal} from '@lydell/node-pty'
import {render} from 'svg-term'

import {root} from '../workspace.js'
import {story} from './story.js'

const size = {cols: 104, rows: 27}
const prompt = '$ '

/** Seconds to wait after each event. */
const pace = {keys: 0.12, answer: 0.5, reading: 2.2, end: 6}

const [, password] = story[0].answers.map(({keys}) => keys)
const folder = mkdtempSync(join(tmpdir(), 'apkg-recording-'))
const home = join(folder, 'ada')
const env = {
  PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
  HOME: home,
  TERM: 'xterm-256color',
  LANG: 'C.UTF-8',
  PS1: prompt,
  APKG_NO_UPDATE_NOTIFIER: '1',
}
let registry
try {
  prepareMachine()
  registry = await serve()
  env.APKG_REGISTRY = registry.url
  publishDependency()
  const events = await record()
  const header = {version: 2, width: size.cols, height: size.rows}
  const cast = [header, ...events].map((each) => JSON.stringify(each)).join('\n')
  const svg = render(cast, {window: true})
  writeFileSync(join(root, 'docs/images/main-job.svg'), `${svg}\n`)
  console.error(`Wrote docs/images/main-job.svg, ${Math.round(svg.length / 1000)} kB`)
} finally {
  registry?.process.kill('SIGTERM')
  rmSync(folder, {recursive: true, force: true})
}

function prepareMachine() {
  for (const each of ['bin', 'ada', 'ada/base', 'ada/checkout']) mkdirSync(join(folder, each))
  symlinkSync(join(root, 'bin/run.js'), join(folder, 'bin/apkg'))
  run(registryArgs('user', 'add', 'ada', '--email', 'ada@example.com', '--password-stdin'), {input: password})
}

async function serve() {
  const child = spawn(process.execPath, registryArgs('serve', '--json'), {env, stdio: ['ignore', 'pipe', 'inherit']})
  for await (const line of createInterface({input: child.stdout})) return {url: JSON.parse(line).url, process: child}
  throw new Error('The registry did not start.')
}

function registryArgs(...args) {
  return [join(root, 'bin/dev.js'), 'registry', ...args, '--data', join(folder, 'data')]
}

/** Publishes the dependency of the checkout, then logs out. */
function publishDependency() {
  const apkg = (args, options) => run([join(root, 'bin/run.js'), ...args], options)
  const manifest = (name, more) => JSON.stringify({name, version: '1.0.0', type: 'skill', ...more})
  const [base, checkout] = [join(home, 'base'), join(home, 'checkout')]
  writeFileSync(join(base, 'apkg.json'), manifest('@ada/review'))
  writeFileSync(join(base, 'SKILL.md'), '# Review\n')
  writeFileSync(join(checkout, 'apkg.json'), manifest('@ada/release'))
  apkg(['login', '--username', 'ada', '--password-stdin'], {input: password})
  apkg(['publish'], {cwd: base})
  apkg(['add', '@ada/review'], {cwd: checkout})
  apkg(['logout'])
  for (const each of ['checkout/apkg_packages', '.apkg']) rmSync(join(home, each), {recursive: true})
}

function run(args, {input = '', cwd = home} = {}) {
  const {status, stderr} = spawnSync(process.execPath, args, {env, cwd, input, encoding: 'utf8'})
  if (status !== 0) throw new Error(`\`${args.slice(1).join(' ')}\` exited with ${status}:\n${stderr}`)
}

/** Types the story into a shell. Returns asciicast events: `[seconds, 'o', text]`. */
async function record() {
  const shell = spawnOnTerminal('bash', ['--norc', '--noprofile'], {...size, cwd: home, env})
  const events = []
  let time = 0
  let output = ''
  shell.onData((text) => {
    output += text
    events.push([time, 'o', text])
  })
  const seen = async (text) => {
    const deadline = Date.now() + 40_000
    while (!output.endsWith(text) && !(text !== prompt && output.includes(text))) {
      if (Date.now() > deadline) throw new Error(`\`${text}\` was not shown:\n${output}`)
      await sleep(20)
    }
    await sleep(150)
    output = ''
  }
  const type = async (keys) => {
    for (const word of keys.match(/\S+\s*/g)) {
      time += pace.keys
      shell.write(word)
      await sleep(150)
    }
    time += pace.answer
    output = ''
    shell.write('\r')
  }
  await seen(prompt)
  for (const {line, answers = []} of story) {
    time += pace.answer
    await type(line)
    for (const {to, keys} of answers) {
      await seen(to)
      time += pace.answer
      await type(keys)
    }
    await seen(prompt)
    time += pace.reading
  }
  shell.kill('SIGKILL')
  return [...events, [time + pace.end, 'o', '']]
}
