import {spawn, type ChildProcess} from 'node:child_process'
import {mkdtemp, readFile, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import type {TestContext} from 'node:test'
import {stripVTControlCharacters} from 'node:util'

import {spawn as spawnOnTerminal} from '@lydell/node-pty'

import {commandIdOf} from './command-ids.js'
import {assertDocumented} from './json-output.js'
import {inRepository} from './repository.js'

/** The command under test: the release of `tools/test-release.js`, or the installed command in TEST_APKG_BIN. */
const installed = process.env['TEST_APKG_BIN']
const built = inRepository('test-dist/generated/release/bin/run.js')
export const program: [string, ...string[]] = installed ? [installed] : [process.execPath, built]

export interface Outcome {
  stdout: string
  stderr: string
  /** Null if a signal ended the process. */
  exitCode: number | null
}

export interface Options {
  env?: NodeJS.ProcessEnv
  input?: string
  /** The current directory. Defaults to the home directory. */
  cwd?: string
  /** Where stdout goes. Collected by default. */
  stdout?: number | 'ignore'
  /** Milliseconds after which the process is killed. Unlimited by default. */
  timeout?: number
}

/** A user's machine, with a temporary home directory and a clean environment. */
export class Machine {
  private constructor(readonly home: string) {}

  static async start(t: Pick<TestContext, 'after'>): Promise<Machine> {
    const home = await mkdtemp(path.join(tmpdir(), 'apkg-home-'))
    // A background process may still be writing.
    t.after(() => rm(home, {recursive: true, force: true, maxRetries: 20}))
    return new Machine(home)
  }

  environment(env: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
    const {PATH, NODE_EXTRA_CA_CERTS} = process.env
    const {home} = this
    const xdg = {XDG_CACHE_HOME: `${home}/.cache`, XDG_DATA_HOME: `${home}/.data`, XDG_CONFIG_HOME: `${home}/.config`}
    // Don't check for a newer apkg in the background.
    const quiet = {APKG_NO_UPDATE_NOTIFIER: '1'}
    return {PATH, HOME: home, ...xdg, ...quiet, ...(NODE_EXTRA_CA_CERTS && {NODE_EXTRA_CA_CERTS}), ...env}
  }

  /** Starts apkg without a terminal. */
  spawn(args: string[], {env, stdout, timeout, cwd = this.home}: Options = {}): ChildProcess {
    const [command, ...first] = program
    return spawn(command, [...first, ...args], {
      env: this.environment(env),
      cwd,
      stdio: ['pipe', stdout ?? 'pipe', 'pipe'],
      ...(timeout !== undefined && {timeout, killSignal: 'SIGKILL'}),
    })
  }

  /** Runs apkg without a terminal and waits for it. Fails if its `--json` doesn't match its schema. */
  async apkg(args: string[], options: Options = {}): Promise<Outcome> {
    const child = this.spawn(args, options)
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(options.input ?? '')
    const outcome = await outcomeOf(child)
    const isPrinted = outcome.exitCode !== null && options.stdout === undefined
    // Help under `--json` is `{help}` and doesn't match the command's schema.
    const isHelp = args.includes('--help') || args.includes('-h')
    if (args.includes('--json') && isPrinted && !isHelp) assertDocumented(commandIdOf(args), outcome.stdout)
    return outcome
  }

  /** Runs a line of shell in which `apkg` is the command under test. */
  async shell(line: string, options: Options = {}): Promise<Outcome> {
    const words = program.map((word) => `'${word}'`).join(' ')
    const child = spawn('bash', ['-c', `apkg() { ${words} "$@"; }; ${line}`], {
      env: this.environment(options.env),
      cwd: options.cwd ?? this.home,
    })
    child.stdin.end(options.input ?? '')
    return outcomeOf(child)
  }

  /** Starts apkg on a terminal of 120 columns. */
  terminal(args: string[], env: NodeJS.ProcessEnv = {}, cwd = this.home): Terminal {
    return new Terminal(args, this.environment({TERM: 'xterm-256color', LANG: 'C.UTF-8', ...env}), cwd)
  }

  /** Runs a line of shell on a terminal of 120 columns. */
  shellTerminal(line: string): Terminal {
    return new Terminal(['-c', line], this.environment({TERM: 'xterm-256color'}), this.home, ['bash'])
  }

  file(name: string): Promise<string> {
    return readFile(path.join(this.home, '.apkg', name), 'utf8')
  }
}

/** A command on a pseudo-terminal, and the user in front of it. */
export class Terminal {
  /** Everything shown so far, with control sequences. */
  raw = ''
  readonly ended: Promise<number>
  readonly #pty

  /** @param executable the program to run; by default, the command under test */
  constructor(args: string[], env: NodeJS.ProcessEnv, cwd: string, executable: [string, ...string[]] = program) {
    const [command, ...first] = executable
    const pty = spawnOnTerminal(command, [...first, ...args], {
      cols: 120,
      rows: 40,
      cwd,
      env,
    })
    this.#pty = pty
    pty.onData((data) => {
      this.raw += data
    })
    this.ended = new Promise((resolve) => {
      pty.onExit(({exitCode, signal}) => {
        resolve(signal ? 128 + signal : exitCode)
      })
    })
  }

  /** Everything shown so far as text, without status lines, which depend on timing. */
  get text(): string {
    const withoutStatus = this.raw.replaceAll(/[^\n]*\r\u001B\[2K/g, '')
    return stripVTControlCharacters(withoutStatus).replaceAll('\r', '')
  }

  /** Waits until a text is shown. */
  async see(what: string | RegExp, timeout = 60_000): Promise<void> {
    const deadline = Date.now() + timeout
    const isShown = () => (typeof what === 'string' ? this.text.includes(what) : what.test(this.text))
    while (!isShown()) {
      if (Date.now() > deadline) throw new Error(`not shown within ${timeout} ms: ${String(what)}\n---\n${this.text}`)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  type(keys: string): void {
    this.#pty.write(keys)
  }

  /** Kills the program and waits for it. */
  async close(): Promise<void> {
    this.#pty.kill('SIGKILL')
    await this.ended
  }
}

/** Collects the output of a process until it exits. */
export async function outcomeOf(child: ChildProcess): Promise<Outcome> {
  const [stdout, stderr, exitCode] = await Promise.all([
    collect(child.stdout),
    collect(child.stderr),
    new Promise<number | null>((resolve) => child.on('close', resolve)),
  ])
  return {stdout, stderr, exitCode}
}

async function collect(stream: NodeJS.ReadableStream | null): Promise<string> {
  let text = ''
  if (stream) for await (const chunk of stream) text += String(chunk)
  return text
}
