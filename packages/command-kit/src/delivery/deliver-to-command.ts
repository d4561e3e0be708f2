import {spawn} from 'node:child_process'
import {access, constants, stat} from 'node:fs/promises'
import path from 'node:path'

import {errorReason} from '../files/system-error.js'
import type {Ports} from '../ports/ports.js'
import {withoutSecrets} from '../ports/secret-variables.js'
import {startFreshLine} from '../terminal/fresh-line.js'
import {Undelivered, type ReadyDestination} from './destination.js'
import {failure} from './failures.js'

/**
 * Finds the program that the value is passed to on stdin, without a shell. What it prints goes to stderr, because
 * stdout is for our own result. It doesn't inherit the secrets in our environment.
 *
 * @throws {ApkgError} `PROGRAM_NOT_FOUND`.
 */
export async function prepareCommand(
  {program, args}: {program: string; args: readonly string[]},
  {env, cwd, interrupted, stderr}: Pick<Ports, 'env' | 'cwd' | 'interrupted' | 'stderr'>,
): Promise<ReadyDestination> {
  if (!(await isProgram(program, env, cwd))) throw failure('PROGRAM_NOT_FOUND', {program})
  return {
    async deliver(value) {
      try {
        await passOnStdin(value, [program, ...args], {env: withoutSecrets(env), cwd, interrupted})
      } finally {
        await startFreshLine(stderr)
      }
      return {delivered: {command: program, exitCode: 0}}
    },
    discard: () => Promise.resolve(),
  }
}

/**
 * Whether a program exists. Windows has its own rules for finding programs, so there it is only found out by starting
 * it.
 */
async function isProgram(program: string, {PATH = ''}: NodeJS.ProcessEnv, cwd: string): Promise<boolean> {
  if (process.platform === 'win32') return true
  const isPath = program.includes(path.sep)
  const folders = isPath ? [''] : PATH.split(path.delimiter)
  const candidates = folders.map((folder) => path.resolve(cwd, folder, program))
  for (const candidate of candidates) if (await isExecutableFile(candidate)) return true
  return false
}

async function isExecutableFile(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK)
    return (await stat(file)).isFile()
  } catch {
    return false
  }
}

interface ChildOptions {
  env: NodeJS.ProcessEnv
  cwd: string
  interrupted: AbortSignal
}

/** @throws {Undelivered} if the program fails or Ctrl-C is pressed. */
async function passOnStdin(
  value: string,
  [program = '', ...args]: readonly string[],
  {env, cwd, interrupted}: ChildOptions,
): Promise<void> {
  const child = spawn(program, args, {env, cwd, signal: interrupted, stdio: ['pipe', 2, 2], windowsHide: true})
  // A program that ends before it has read the value is judged by its exit code.
  child.stdin?.on('error', () => undefined)
  child.stdin?.end(value)
  const problem = await new Promise<string | undefined>((resolve) => {
    child.once('error', (error) => {
      resolve(`\`${program}\` could not be started (${errorReason(error)})`)
    })
    child.once('close', (code, signal) => {
      if (code !== 0) resolve(`\`${program}\` ${signal ? `was terminated by ${signal}` : `exited with code ${code}`}`)
      else resolve(undefined)
    })
  })
  if (interrupted.aborted) throw new Undelivered(`Interrupted while \`${program}\` was running`)
  if (problem !== undefined) throw new Undelivered(problem)
}
