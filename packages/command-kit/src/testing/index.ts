/**
 * A harness for tests of commands: runs a command's class in this process against ports that record what it says and
 * refuse what the test did not expect.
 *
 * @packageDocumentation
 */
import type {Config} from '@oclif/core'

import {selectSources} from '../credentials/selection.js'
import type {CredentialSource} from '../credentials/source.js'
import {environmentSource} from '../credentials/environment-source.js'
import {storedSource} from '../credentials/stored-source.js'
import type {Output, Ports, Prompts} from '../ports/ports.js'

/** What a command meets. Nothing given: no terminal, an empty environment, nothing on stdin. */
export interface World {
  /** The user's home directory. Required, so that no test touches a real one. */
  home: string
  /** The folder that the command is started in; the home directory where none is given. */
  cwd?: string
  env?: NodeJS.ProcessEnv
  stdin?: string
  /** Whether there is a person: stdin, stdout and stderr are terminals. */
  terminal?: boolean
  /** Answers to prompts; a prompt that is not expected fails the test. */
  prompts?: Partial<Prompts>
  now?: Date
  host?: {user: string; name: string}
  /** Fails writes to stdout with this error code. */
  stdoutFails?: string
  sources?: readonly CredentialSource[]
  interrupted?: AbortSignal
}

/** What a command did. */
export interface Outcome {
  stdout: string
  stderr: string
  exitCode: number
  /** What `run` returned. */
  result: unknown
}

interface CommandClass {
  readonly name: string
  readonly ports: Ports
  new (argv: string[], config: Config): object
  run(argv: string[], config: Config): Promise<unknown>
}

/**
 * Runs a command as `apkg` would, with the sources that the prerun hook selects.
 *
 * @param config oclif's, of the program or plugin that the command belongs to.
 */
export async function runCommand(
  command: CommandClass,
  argv: string[],
  config: Config,
  world: World,
): Promise<Outcome> {
  const stdout = recorder(world.terminal ?? false, world.stdoutFails)
  const stderr = recorder(world.terminal ?? false)
  const outcome: Outcome = {stdout: '', stderr: '', exitCode: 0, result: undefined}
  const ports: Ports = {
    stdin: {isTerminal: world.terminal ?? false, readAll: () => Promise.resolve(world.stdin ?? '')},
    stdout,
    stderr,
    prompts: {...refusingPrompts, ...world.prompts},
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
  selectSources(InThisWorld, world.sources ?? [environmentSource, storedSource])
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
    write(text) {
      if (failure) return Promise.reject(Object.assign(new Error(failure), {code: failure}))
      this.text += text
      return Promise.resolve()
    },
  }
}

const refusingPrompts: Prompts = {
  text: ({message}) => Promise.reject(new Error(`unexpected prompt: ${message}`)),
  password: ({message}) => Promise.reject(new Error(`unexpected prompt: ${message}`)),
  choose: ({message}) => Promise.reject(new Error(`unexpected prompt: ${message}`)),
  select: ({message}) => Promise.reject(new Error(`unexpected prompt: ${message}`)),
  confirm: ({message}) => Promise.reject(new Error(`unexpected prompt: ${message}`)),
}
