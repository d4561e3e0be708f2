import {fstatSync, statSync, writeSync} from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import {setTimeout as sleep} from 'node:timers/promises'

import {exitCodes} from '../errors/exit-codes.js'
import {showsColors} from '../terminal/color.js'
import {readAll} from './stdin.js'
import {inquirerPrompts} from './inquirer-prompts.js'
import type {Output, Ports} from './ports.js'

/** How long a command has to end by itself after Ctrl-C before the process is ended, in milliseconds. */
const graceAfterInterrupt = 500

/** The ports of a real process. */
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
    return process.cwd()
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
}

function outputOf(stream: NodeJS.WriteStream & {fd: number}): Output {
  return {
    get isTerminal() {
      return stream.isTTY
    },
    get hasColors() {
      return showsColors(stream.isTTY, process.env)
    },
    get columns() {
      return stream.isTTY ? stream.columns : 80
    },
    get discards() {
      return isNullDevice(stream.fd)
    },
    write: (text) => (stream.isTTY ? writeToTerminal(stream, text) : writeToDescriptor(stream.fd, text)),
  }
}

/** `HOME` where it is an absolute path: a relative one would make every project's folder the user's own. */
function homeFolder(): string {
  const home = os.homedir()
  return path.isAbsolute(home) ? home : (accountOf()?.homedir ?? home)
}

function userName(): string {
  return accountOf()?.username ?? process.env['USER'] ?? process.env['USERNAME'] ?? 'unknown'
}

/** The account of the process; undefined where its uid has none, as in many containers. */
function accountOf(): os.UserInfo<string> | undefined {
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
 * Writes to a file or a pipe past Node's stream, whose failures surface as `error` events: oclif listens to those and
 * throws, so that a full disk would end the process before the command hears of it.
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

let controller: AbortController | undefined

/** Takes Ctrl-C over on first use. Commands that never ask keep the system's way, which ends the process at once. */
function interruption(): AbortSignal {
  if (controller === undefined) {
    const abort = (controller = new AbortController())
    // Not `once`: libraries that find no listener of ours left raise the signal again.
    process.on('SIGINT', () => {
      if (abort.signal.aborted) return
      abort.abort()
      setTimeout(() => process.exit(exitCodes.interrupted), graceAfterInterrupt).unref()
    })
  }
  return controller.signal
}
