/**
 * Runs commands in tests, in the same process, with ports that record the output and reject unexpected prompts.
 *
 * @packageDocumentation
 */
import type {Config} from '@oclif/core'

import {selectSources} from '../credentials/selection.js'
import type {CredentialSource} from '../credentials/source.js'
import {environmentSources} from '../credentials/environment-source.js'
import {storedSource} from '../credentials/stored-source.js'
import type {Ports, Prompts} from '../ports/ports.js'
import type {Output} from '../terminal/screen.js'

/** The environment of a command. By default: no terminal, no environment variables, an empty stdin. */
export interface World {
  /** The user's home directory. Required, so that tests never use the real one. */
  home: string
  /** The current directory; by default, `home`. */
  cwd?: string
  env?: NodeJS.ProcessEnv
  stdin?: string
  /** Whether stdin, stdout and stderr are terminals. */
  terminal?: boolean
  /** Where stdout goes if stdin and stderr are terminals; by default, to the terminal too. */
  stdoutTo?: 'file'
  /** Answers to prompts. A prompt without an answer fails the test. */
  prompts?: Partial<Prompts>
  now?: Date
  host?: {user: string; name: string}
  /** Makes writes to stdout fail with this error code. */
  stdoutFails?: string
  /** By default, the variables that supply tokens, and the stored logins. */
  sources?: readonly CredentialSource[]
  interrupted?: AbortSignal
}

/** The output and result of a command. */
export interface Outcome {
  stdout: string
  stderr: string
  exitCode: number
  /** The value that `run` returned; undefined if it failed. */
  result: unknown
}

interface CommandClass {
  readonly name: string
  readonly ports: Ports
  new (argv: string[], config: Config): object
  run(argv: string[], config: Config): Promise<unknown>
}

/**
 * Runs a command as `apkg` would.
 *
 * @param config the oclif config of the program or plugin that the command belongs to
 */
export async function runCommand(
  command: CommandClass,
  argv: string[],
  config: Config,
  world: World,
): Promise<Outcome> {
  const isTerminal = world.terminal ?? false
  const stdout = recorder(isTerminal && world.stdoutTo === undefined, world.stdoutFails)
  const stderr = recorder(isTerminal)
  const outcome: Outcome = {stdout: '', stderr: '', exitCode: 0, result: undefined}
  const ports: Ports = {
    stdin: {isTerminal, readAll: () => Promise.resolve(world.stdin ?? '')},
    stdout,
    stderr,
    prompts: {...unexpectedPrompts, ...world.prompts},
    env: world.env ?? {},
    home: world.home,
    cwd: world.cwd ?? world.home,
    host: world.host ?? {user: 'ada', name: 'engine'},
    now: () => world.now ?? new Date(),
    interrupted: world.interrupted ?? new AbortController().signal,
    setExitCode: (code) => {
      outcome.exitCode = code
    },
  }
  const InThisWorld = class extends command {
    static override readonly ports = ports
  }
  selectSources(InThisWorld, world.sources ?? [...environmentSources, storedSource])
  try {
    outcome.result = await InThisWorld.run(argv, config)
  } catch (error) {
    if (outcome.exitCode === 0) throw error
  }
  return {...outcome, stdout: stdout.text, stderr: stderr.text}
}

function recorder(isTerminal: boolean, failure?: string): Output & {text: string} {
  return {
    text: '',
    isTerminal,
    hasColors: false,
    columns: 120,
    discards: false,
    isFile: false,
    write(text) {
      if (failure) return Promise.reject(Object.assign(new Error(failure), {code: failure}))
      this.text += text
      return Promise.resolve()
    },
  }
}

const unexpectedPrompts: Prompts = {
  text: ({message}) => Promise.reject(new Error(`unexpected prompt: ${message}`)),
  password: ({message}) => Promise.reject(new Error(`unexpected prompt: ${message}`)),
  choose: ({message}) => Promise.reject(new Error(`unexpected prompt: ${message}`)),
  select: ({message}) => Promise.reject(new Error(`unexpected prompt: ${message}`)),
  confirm: ({message}) => Promise.reject(new Error(`unexpected prompt: ${message}`)),
}
