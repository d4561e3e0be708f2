import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {existsSync} from 'node:fs'
import {mkdir, writeFile} from 'node:fs/promises'
import {type AddressInfo, connect, createServer} from 'node:net'
import path from 'node:path'
import type {TestContext} from 'node:test'
import {setTimeout as sleep} from 'node:timers/promises'

import {type CleanupScope, stop, temporaryFolder} from './processes.js'

export const nginx = [...(process.env['PATH'] ?? '').split(path.delimiter), '/usr/sbin']
  .map((folder) => path.join(folder, 'nginx'))
  .find((file) => existsSync(file))

/** Fails if nginx is required but missing. */
export function isWithoutNginx(t: TestContext): boolean {
  if (nginx !== undefined) return false
  assert.notEqual(process.env['CI'], 'true', 'nginx is not installed')
  t.skip('nginx is not installed')
  return true
}

/** A complete configuration around a server block, which writes only into a directory. */
const configuration = (folder: string, server: string) => `
daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log stderr warn;
events {}
http {
    access_log off;
    client_body_temp_path ${folder}/body;
    proxy_temp_path ${folder}/proxy;
    fastcgi_temp_path ${folder}/fastcgi;
    uwsgi_temp_path ${folder}/uwsgi;
    scgi_temp_path ${folder}/scgi;
${server}
}
`

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const {port} = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/**
 * Starts nginx with server and upstream blocks. It is stopped with the scope.
 *
 * @returns stops it earlier
 */
export async function startNginx(scope: CleanupScope, port: number, blocks: string): Promise<() => Promise<void>> {
  const folder = await temporaryFolder(scope)
  const file = path.join(folder, 'nginx.conf')
  await mkdir(path.join(folder, 'logs'))
  await writeFile(file, configuration(folder, blocks))
  const child = spawn(nginx ?? 'nginx', ['-p', folder, '-e', 'stderr', '-c', file], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  scope.after(() => stop(child))
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  for (let attempt = 0; attempt < 200 && child.exitCode === null; attempt++) {
    if (await isListening(port)) return () => stop(child)
    await sleep(50)
  }
  assert.fail(`nginx does not listen: ${stderr}`)
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}
