import {spawn} from 'node:child_process'
import {readFile} from 'node:fs/promises'
import {setTimeout as sleep} from 'node:timers/promises'

/** Milliseconds between two looks at the memory of a process. */
const memoryInterval = 4

/**
 * Runs a program and waits for it.
 *
 * @throws if it fails, with its output
 */
export async function run(program, args, {cwd, env = process.env, input = ''} = {}) {
  const child = spawn(program, args, {cwd, env, stdio: [input === '' ? 'ignore' : 'pipe', 'pipe', 'pipe']})
  child.stdin?.end(input)
  return {child, ...(await outcome(child, [program, ...args]))}
}

/**
 * Runs a program and measures it from outside, because anything that is loaded into a process to measure it takes time too.
 *
 * @returns milliseconds of wall and CPU time, measured by bash, and the peak of resident memory in MiB, which is 0 where
 *   there is no `/proc`
 */
export async function measure([program, ...args], {cwd, env}) {
  const line = 'TIMEFORMAT="%R %U %S"; time "$0" "$@" 2>&1 >/dev/null'
  const shell = spawn('bash', ['-c', line, program, ...args], {cwd, env, stdio: ['ignore', 'pipe', 'pipe']})
  const state = {hasEnded: false}
  const memory = peakMemory(shell.pid, state)
  try {
    const {errors} = await outcome(shell, [program, ...args])
    const [wall, user, system] = errors.trim().split('\n').at(-1).split(' ').map(Number)
    state.hasEnded = true
    return {wall: wall * 1000, cpu: (user + system) * 1000, peak: await memory}
  } finally {
    state.hasEnded = true
  }
}

/** The kernel keeps the peak itself, so only what is allocated just before the end can be missed. */
async function peakMemory(shell, state) {
  let peak = 0
  while (!state.hasEnded) {
    const [child] = (await textOf(`/proc/${shell}/task/${shell}/children`)).split(' ')
    const [, kilobytes = 0] = /^VmHWM:\s+(\d+) kB$/m.exec(child ? await textOf(`/proc/${child}/status`) : '') ?? []
    peak = Math.max(peak, kilobytes / 1024)
    await sleep(memoryInterval)
  }
  return peak
}

function textOf(file) {
  return readFile(file, 'utf8').catch(() => '')
}

async function outcome(child, command) {
  const [stdout, errors, exitCode] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise((resolve) => child.on('close', resolve)),
  ])
  if (exitCode !== 0) throw new Error(`${command.join(' ')} exited with ${exitCode}\n${stdout}${errors}`)
  return {stdout, errors}
}

async function text(stream) {
  let all = ''
  for await (const chunk of stream.setEncoding('utf8')) all += chunk
  return all
}
