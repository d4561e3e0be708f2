/** A stream that a command writes to. */
export interface Output {
  readonly isTerminal: boolean
  readonly hasColors: boolean
  /** Columns of the terminal; 80 where it is none. */
  readonly columns: number
  /** Whether all that is written is lost: `/dev/null`, which Node also puts in the place of a closed descriptor. */
  readonly discards: boolean
  /** Resolves when the system has taken the text; rejects with the system's error when it cannot. */
  write(text: string): Promise<void>
}

export interface Input {
  readonly isTerminal: boolean
  /**
   * Everything up to the end of input, as UTF-8.
   *
   * @param timeout how long to wait for the first byte, in milliseconds.
   * @throws {ApkgError} `STDIN_SILENT` when none arrives.
   */
  readAll(what: string, timeout?: number): Promise<string>
}

/** Questions to a person. Asked on stderr, so that stdout stays data. */
export interface Prompts {
  text(question: {message: string; default?: string; validate?: (answer: string) => true | string}): Promise<string>
  password(question: {message: string}): Promise<string>
  /** Any number of the choices, at least one where it is `required`. */
  choose<Value>(question: {
    message: string
    choices: {name: string; value: Value; checked?: boolean}[]
    required?: boolean
  }): Promise<Value[]>
  /** One of the choices. */
  select<Value>(question: {
    message: string
    choices: {name: string; value: Value}[]
    default?: NoInfer<Value>
  }): Promise<Value>
  confirm(question: {message: string; default?: boolean}): Promise<boolean>
}

/** All that a command touches outside itself. A test subclasses a command and replaces it whole. */
export interface Ports {
  readonly stdin: Input
  readonly stdout: Output
  readonly stderr: Output
  readonly prompts: Prompts
  readonly env: NodeJS.ProcessEnv
  /** The user's home directory, which holds `.apkg`. */
  readonly home: string
  /** The folder that the command was started in: an absolute path. */
  readonly cwd: string
  readonly host: {readonly user: string; readonly name: string}
  readonly now: () => Date
  /** Aborted when the user presses Ctrl-C. */
  readonly interrupted: AbortSignal
  setExitCode(code: number): void
}

/** Whether there is a person to ask: prompts read stdin and are shown on stderr. */
export function isInteractive({stdin, stderr}: Pick<Ports, 'stdin' | 'stderr'>): boolean {
  return stdin.isTerminal && stderr.isTerminal
}
