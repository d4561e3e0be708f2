import {fstatSync, statSync, writeSync} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'

import {failure} from '../errors/define-failures.js'
import {exitCodes} from '../errors/exit-codes.js'
import {errorReason, isAbsent} from '../files/system-error.js'
import {shows256Colors, showsColors} from '../terminal/color.js'
import {hasUnicode} from '../terminal/glyphs.js'
import {readAll} from './stdin.js'
import {inquirerPrompts} from './inquirer-prompts.js'
import type {Output} from '../terminal/screen.js'
import type {Ports} from './ports.js'

/** Milliseconds that a command has after Ctrl-C before the process exits. */
const graceAfterInterrupt = 500

/** Milliseconds that work in `finish` has after Ctrl-C. */
const graceToFinish = 10_000

/** The ports of the current process. */
export const processPorts: Ports = {
  stdin: {
    get isTerminal() {
      return process.stdin.isTTY
    },
    readAll: (what, timeout) => readAll(process.stdin, what, timeout),
  },
  stdout: outputOf(process.stdout),
  stderr: outputOf(process.stderr),
  prompts: inquirerPrompts(process),
  env: process.env,
  get home() {
    return homeFolder()
  },
  get cwd() {
    return currentFolder()
  },
  get host() {
    return {user: userName(), name: os.hostname()}
  },
  now: () => new Date(),
  get interrupted() {
    return interruption()
  },
  setExitCode(code) {
    process.exitCode = code
  },
  async finish(work) {
    const running = work()
    const settled = running.catch(() => undefined)
    unfinished.add(settled)
    try {
      return await running
    } finally {
      unfinished.delete(settled)
    }
  },
}

function outputOf(stream: NodeJS.WriteStream & {fd: number}): Output {
  return {
    get isTerminal() {
      return stream.isTTY
    },
    get hasColors() {
      return showsColors(stream.isTTY, process.env)
    },
    get has256Colors() {
      return shows256Colors(process.env)
    },
    get isAscii() {
      return stream.isTTY && !hasUnicode(process.env)
    },
    get isDumb() {
      return stream.isTTY && process.env['TERM'] === 'dumb'
    },
    get columns() {
      return stream.isTTY ? stream.columns : 80
    },
    get discards() {
      return isNullDevice(stream.fd)
    },
    get isFile() {
      return fstatSync(stream.fd).isFile()
    },
    write: (text) => (stream.isTTY ? writeToTerminal(stream, text) : writeToDescriptor(stream.fd, text)),
  }
}

/** Ignores a relative `HOME`, which would be a different directory in each project. */
function homeFolder(): string {
  const home = os.homedir()
  return path.isAbsolute(home) ? home : (account()?.homedir ?? home)
}

function currentFolder(): string {
  try {
    return process.cwd()
  } catch (error) {
    throw failure(
      'CWD_UNUSABLE',
      {reason: isAbsent(error) ? 'it no longer exists' : errorReason(error)},
      {cause: error},
    )
  }
}

function userName(): string {
  return account()?.username ?? process.env['USER'] ?? process.env['USERNAME'] ?? 'unknown'
}

/** Returns undefined if the process runs under a uid without an account, as in many containers. */
function account(): os.UserInfo<string> | undefined {
  try {
    return os.userInfo()
  } catch {
    return undefined
  }
}

function isNullDevice(descriptor: number): boolean {
  if (process.platform === 'win32') return false
  const target = fstatSync(descriptor)
  return target.isCharacterDevice() && target.rdev === statSync('/dev/null').rdev
}

function writeToTerminal(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => {
      if (error) reject(error)
      else resolve()
    })
  })
}

/**
 * Writes to a file or a pipe without Node's stream, which reports failures as `error` events. oclif throws on those, so a
 * full disk would end the process before the command could handle it.
 */
async function writeToDescriptor(descriptor: number, text: string): Promise<void> {
  let rest = Buffer.from(text)
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest))
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error
      await sleep(5)
    }
  }
}

/** Work in `finish`. */
const unfinished = new Set<Promise<unknown>>()

let controller: AbortController | undefined

/** Handles Ctrl-C from the first call on. Until then, the system's default applies, which ends the process immediately. */
function interruption(): AbortSignal {
  if (controller === undefined) {
    const abort = (controller = new AbortController())
    // Not `once`, because libraries raise the signal again if theirs is the last listener.
    process.on('SIGINT', () => {
      if (abort.signal.aborted) return
      abort.abort()
      setTimeout(() => void exitOnceFinished(), graceAfterInterrupt).unref()
    })
  }
  return controller.signal
}

/** Exits when work in `finish` has settled and the command had time to report its outcome. */
async function exitOnceFinished(): Promise<void> {
  if (unfinished.size > 0) {
    await Promise.race([Promise.all(unfinished), sleep(graceToFinish, undefined, {ref: false})])
    await sleep(graceAfterInterrupt, undefined, {ref: false})
  }
  process.exit(exitCodes.interrupted)
}
