import {failure, isInteractive, printable, type Ports} from '@apkg/command-kit'

export interface LoginFlags {
  username?: string | undefined
  'password-stdin': boolean
  otp?: string | undefined
}

/** What a login needs, each asked for when its turn comes. */
export interface LoginInput {
  username: string
  password: string
  /**
   * The second factor.
   *
   * @param reason why the one before was refused; undefined at first.
   */
  code(reason?: string): Promise<string>
  /** Whether another code can be had after one was refused. */
  readonly canAskAgain: boolean
}

/**
 * Gathers what a login needs from flags, standard input and, on a terminal, from the user.
 *
 * @throws {ApkgError} `INPUT_MISSING` naming the flag, where there is nobody to ask.
 */
export async function gatherLoginInput(flags: LoginFlags, ports: Ports): Promise<LoginInput> {
  const interactive = isInteractive(ports)
  const {prompts, stdin} = ports
  const usernameGiven = flags.username === '' ? undefined : flags.username
  if (usernameGiven === undefined && !interactive) throw missing('username', 'pass --username')
  if (!flags['password-stdin'] && !interactive) throw missing('password', 'pass --password-stdin')

  const username = usernameGiven ?? (await prompts.text({message: 'Username', validate: notEmpty}))
  const lines = flags['password-stdin'] ? (await stdin.readAll('a password')).split(/\r?\n/) : []
  const password = flags['password-stdin'] ? (lines[0] ?? '') : await prompts.password({message: 'Password'})
  if (password === '') throw missing('password', 'pass it on the first line of standard input')

  const codeGiven = flags.otp ?? (lines[1] || undefined)
  const canAsk = interactive && !flags['password-stdin']
  return {
    username,
    password,
    canAskAgain: canAsk && codeGiven === undefined,
    async code(reason) {
      if (codeGiven !== undefined) return codeGiven
      if (!canAsk) throw missing('two-factor code', 'pass --otp, or the code on the second line of standard input')
      const refused = reason === undefined ? '' : `${printable(reason)}. `
      return prompts.text({message: `${refused}Enter TOTP code or recovery code`, validate: notEmpty})
    },
  }
}

/**
 * Reads an API token from standard input, or asks for it where that is a terminal.
 *
 * @throws {ApkgError} `INPUT_MISSING` for nothing but white space.
 */
export async function readToken(ports: Ports): Promise<string> {
  const given = isInteractive(ports)
    ? await ports.prompts.password({message: 'API token'})
    : await ports.stdin.readAll('an API token')
  const value = given.trim()
  if (value === '') throw missing('token', 'pipe it into the command')
  return value
}

function notEmpty(answer: string): true | string {
  return answer.trim() !== '' || 'Type something, or press Ctrl-C to stop.'
}

function missing(what: string, supply: string) {
  return failure('INPUT_MISSING', {missing: `No ${what} was given`, supply})
}
