/** A machine with a registry on loopback, for recordings and screenshots: real commands in temporary directories. */
import {spawn, spawnSync} from 'node:child_process'
import {mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {createInterface} from 'node:readline'

import {root} from '../workspace.js'
import {password} from './story.js'

export const prompt = '$ '

const folder = mkdtempSync(join(tmpdir(), 'apkg-recording-'))
export const home = join(folder, 'ada')
export const env = {
  PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
  HOME: home,
  TERM: 'xterm-256color',
  LANG: 'C.UTF-8',
  PS1: prompt,
  APKG_NO_UPDATE_NOTIFIER: '1',
}
let server

/** Creates the user ada with a published package and a checkout that depends on it, and logs out. */
export async function startMachine() {
  for (const each of ['bin', 'ada', 'ada/base', 'ada/checkout']) mkdirSync(join(folder, each))
  symlinkSync(join(root, 'bin/run.js'), join(folder, 'bin/apkg'))
  run(registryArgs('user', 'add', 'ada', '--email', 'ada@example.com', '--password-stdin'), {input: password})
  env.APKG_REGISTRY = await serve()
  publishDependency()
}

export function stopMachine() {
  server?.kill('SIGTERM')
  rmSync(folder, {recursive: true, force: true})
}

/** Runs apkg without a terminal. */
export function apkg(args, options) {
  run([join(root, 'bin/run.js'), ...args], options)
}

async function serve() {
  server = spawn(process.execPath, registryArgs('serve', '--json'), {env, stdio: ['ignore', 'pipe', 'inherit']})
  for await (const line of createInterface({input: server.stdout})) return JSON.parse(line).url
  throw new Error('The registry did not start.')
}

function registryArgs(...args) {
  return [join(root, 'bin/dev.js'), 'registry', ...args, '--data', join(folder, 'data')]
}

function publishDependency() {
  const manifest = (name, more) => JSON.stringify({name, version: '1.0.0', type: 'skill', ...more})
  const [base, checkout] = [join(home, 'base'), join(home, 'checkout')]
  writeFileSync(join(base, 'apkg.json'), manifest('@ada/review'))
  writeFileSync(join(base, 'SKILL.md'), '---\nname: review\ndescription: Review a change.\n---\n\n# Review\n')
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
