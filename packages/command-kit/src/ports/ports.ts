import type {Output} from '../terminal/screen.js'

export interface Input {
  readonly isTerminal: boolean
  /**
   * Reads UTF-8 until the end of the input.
   *
   * @param what the expected input, for the error: `a password`
   * @param timeout milliseconds to wait for the first byte
   * @throws {ApkgError} `STDIN_SILENT` if none arrives
   */
  readAll(what: string, timeout?: number): Promise<string>
}

interface SecretQuestion {
  message: string
  /** Why the previous answer was rejected, without a period. It is shown until the prompt is answered. */
  problem?: string | undefined
}

interface TextQuestion extends SecretQuestion {
  default?: string
  validate?: (answer: string) => true | string
}

/** Interactive questions. They are printed on stderr, because stdout is for data. */
export interface Prompts {
  text(question: TextQuestion): Promise<string>
  password(question: SecretQuestion): Promise<string>
  /** Returns any number of choices; at least one if `required`. */
  choose<Value>(question: {
    message: string
    choices: {name: string; value: Value; checked?: boolean}[]
    required?: boolean
  }): Promise<Value[]>
  /** Returns one of the choices. */
  select<Value>(question: {
    message: string
    choices: {name: string; value: Value}[]
    default?: NoInfer<Value>
  }): Promise<Value>
  confirm(question: {message: string; default?: boolean}): Promise<boolean>
  /**
   * Keeps the terminal from echoing while `work` asks several questions. Input typed between two of them is not shown,
   * and answers the next one. Absent where no terminal echoes, as in tests; call it through `withoutEcho`.
   */
  withoutEcho?<Result>(work: () => Promise<Result>): Promise<Result>
}

/** Asks several questions in a row without the terminal echoing what is typed between them. */
export function withoutEcho<Result>(prompts: Prompts, work: () => Promise<Result>): Promise<Result> {
  return prompts.withoutEcho ? prompts.withoutEcho(work) : work()
}

/** Everything outside the process that a command uses. Tests replace it in a subclass of the command. */
export interface Ports {
  readonly stdin: Input
  readonly stdout: Output
  readonly stderr: Output
  readonly prompts: Prompts
  readonly env: NodeJS.ProcessEnv
  /** The user's home directory, which contains `.apkg`. */
  readonly home: string
  /** The current directory, an absolute path. Reading it throws `CWD_UNUSABLE` if the directory was deleted. */
  readonly cwd: string
  readonly host: {readonly user: string; readonly name: string}
  readonly now: () => Date
  /** Aborted when the user presses Ctrl-C. */
  readonly interrupted: AbortSignal
  setExitCode(code: number): void
  /**
   * Runs work that Ctrl-C must not cut short, such as undoing what a command did. Absent where Ctrl-C doesn't end the
   * process, as in tests; call it through `finish`.
   */
  finish?<Result>(work: () => Promise<Result>): Promise<Result>
}

/** Runs work that Ctrl-C must not cut short, such as undoing what a command did. It has ten seconds after Ctrl-C. */
export function finish<Result>(ports: Pick<Ports, 'finish'>, work: () => Promise<Result>): Promise<Result> {
  return ports.finish ? ports.finish(work) : work()
}

/** Whether prompts are possible. They read stdin and write to stderr. */
export function isInteractive({stdin, stderr}: Pick<Ports, 'stdin' | 'stderr'>): boolean {
  return stdin.isTerminal && stderr.isTerminal
}
