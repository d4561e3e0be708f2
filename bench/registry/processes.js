import {spawn} from 'node:child_process'
import {createWriteStream, readdirSync, readFileSync} from 'node:fs'

/** Runs a command on one core. */
function pinned(core, command, options) {
  return spawn('taskset', ['-c', String(core), ...command], options)
}

/**
 * Starts a server on the first core, with its log in a file.
 *
 * @param urlOf finds its URL in what it prints; undefined until then
 */
export async function startServer(command, {log, env = {}, cwd}, urlOf = (text) => JSON.parse(text).url) {
  const child = pinned(0, command, {stdio: ['ignore', 'pipe', 'pipe'], env: {...process.env, ...env}, cwd})
  child.stderr.pipe(createWriteStream(log))
  const url = await new Promise((resolve, reject) => {
    let printed = ''
    child.once('exit', () => reject(new Error(`${command.join(' ')} has ended; see ${log}`)))
    child.stdout.on('data', (chunk) => {
      printed += chunk
      const found = urlOf(printed)
      if (found !== undefined) resolve(found)
    })
  })
  return {url, cpu: () => cpuOf(child.pid), stop: () => stop(child)}
}

async function stop(child) {
  child.removeAllListeners('exit')
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await ended
}

/** @returns microseconds of CPU time of a process, all of its threads included. */
function cpuOf(pid) {
  const threads = readdirSync(`/proc/${pid}/task`)
  const nanoseconds = threads.map((id) =>
    Number(readFileSync(`/proc/${pid}/task/${id}/schedstat`, 'utf8').split(' ')[0]),
  )
  return nanoseconds.reduce((sum, each) => sum + each, 0) / 1000
}

/** Runs a command on the last core. @returns what it prints */
export async function runLoad(command) {
  const child = pinned(1, command, {stdio: ['ignore', 'pipe', 'inherit']})
  let printed = ''
  child.stdout.on('data', (chunk) => (printed += chunk))
  const code = await new Promise((resolve) => child.once('exit', resolve))
  if (code !== 0) throw new Error(`${command[0]} failed`)
  return printed
}
