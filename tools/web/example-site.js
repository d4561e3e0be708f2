/** A registry with example packages, for screenshots and for looking at pages. */
import {spawn} from 'node:child_process'
import {mkdir, mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {createInterface} from 'node:readline'
import {fileURLToPath} from 'node:url'

import {examplePackages} from './example-packages.js'

const bin = fileURLToPath(new URL('../../bin/dev.js', import.meta.url))
const password = 'correct horse battery staple'

/** Starts the registry. @returns its URL, and a function that stops it and removes its data */
export async function startExampleSite() {
  const folder = await mkdtemp(path.join(tmpdir(), 'apkg-web-'))
  const env = {PATH: process.env.PATH, HOME: folder, APKG_NO_UPDATE_CHECK: '1'}
  const run = (args, {cwd = folder, input} = {}) => runToEnd([bin, ...args], {cwd, env, input})
  const data = path.join(folder, 'registry')
  const user = ['--email', 'ada@example.com', '--password-stdin', '--data', data]
  await run(['registry', 'user', 'add', 'ada', ...user], {input: password})
  await run(['registry', 'org', 'add', 'acme', 'ada', '--role', 'admin', '--data', data]).catch(() => undefined)
  const serving = ['registry', 'serve', '--port', '0', '--data', data, '--json']
  const server = spawn(process.execPath, [bin, ...serving], {cwd: folder, env, stdio: ['ignore', 'pipe', 'ignore']})
  const [line] = await once(createInterface({input: server.stdout}), 'line')
  const {url} = JSON.parse(line)
  await run(['login', '--registry', url, '--username', 'ada', '--password-stdin'], {input: password})
  await run(['config', 'set', 'registry', url])
  for (const {files, options = []} of examplePackages) {
    const place = await mkdtemp(path.join(folder, 'package-'))
    for (const [name, content] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(place, name)), {recursive: true})
      await writeFile(path.join(place, name), content, {mode: name.endsWith('.sh') ? 0o755 : 0o644})
    }
    await run(['publish', ...options], {cwd: place})
  }
  return {
    url,
    stop: async () => {
      server.kill()
      await once(server, 'exit')
      await rm(folder, {recursive: true, force: true})
    },
  }
}

function once(emitter, event) {
  return new Promise((resolve) => emitter.once(event, (...values) => resolve(values)))
}

async function runToEnd(args, {cwd, env, input}) {
  const child = spawn(process.execPath, args, {cwd, env, stdio: ['pipe', 'ignore', 'pipe']})
  child.stdin.end(input ?? '')
  let errors = ''
  child.stderr.on('data', (text) => (errors += text))
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`apkg ${args.slice(1).join(' ')} exited with ${code}\n${errors}`)
}
