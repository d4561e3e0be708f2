import {failure, isInteractive, printable, withoutEcho, type Ports, type Prompts} from '@apkg/command-kit'

export interface LoginFlags {
  username?: string | undefined
  'password-stdin': boolean
  otp?: string | undefined
}

/** What a login needs. The code is asked for only if the registry wants one. */
export interface LoginInput {
  username: string
  password: string
  /**
   * The second factor.
   *
   * @param reason why the previous code was rejected; undefined for the first.
   */
  code(reason?: string): Promise<string>
  /** Whether the user can enter another password after a rejected one. */
  readonly canAskAgain: boolean
  /** Whether the user can enter another code after a rejected one. */
  readonly canAskForCodeAgain: boolean
}

/**
 * Gathers what a login needs from flags and standard input, and prompts for the rest on a terminal.
 *
 * @param earlier the username of a rejected attempt, which is suggested again.
 * @throws {ApkgError} `INPUT_MISSING` if something is missing and can't be prompted for.
 */
export async function gatherLoginInput(flags: LoginFlags, ports: Ports, earlier?: string): Promise<LoginInput> {
  const interactive = isInteractive(ports)
  const {prompts, stdin} = ports
  const usernameGiven = flags.username === '' ? undefined : flags.username
  if (usernameGiven === undefined && !interactive) throw missing('username', 'pass --username')
  if (!flags['password-stdin'] && !interactive) throw missing('password', 'pass --password-stdin')

  const lines = flags['password-stdin'] ? (await stdin.readAll('a password')).split(/\r?\n/) : []
  const askUsername = async () =>
    usernameGiven ??
    (await prompts.text({message: 'Username', ...(earlier !== undefined && {default: earlier}), validate: notEmpty}))
  const {username, password} = flags['password-stdin']
    ? {username: await askUsername(), password: lines[0] ?? ''}
    : await withoutEcho(prompts, async () => ({
        username: await askUsername(),
        password: await askUntilGiven(prompts, {message: 'Password'}),
      }))
  if (password === '')
    throw empty('No password was given on standard input', 'pass it on the first line of standard input')

  const codeGiven = flags.otp ?? (lines[1] || undefined)
  const canAsk = interactive && !flags['password-stdin']
  return {
    username,
    password,
    canAskAgain: canAsk,
    canAskForCodeAgain: canAsk && codeGiven === undefined,
    async code(reason) {
      if (codeGiven !== undefined) return codeGiven
      if (!canAsk) throw missing('authentication code', 'pass --otp, or the code on the second line of standard input')
      const refused = reason === undefined ? undefined : printable(reason)
      return prompts.text({message: 'Authentication code or recovery code', problem: refused, validate: notEmpty})
    },
  }
}

/**
 * Reads an API token from standard input, or prompts for it on a terminal.
 *
 * @throws {ApkgError} `INPUT_MISSING` if standard input is empty or only whitespace.
 */
export async function readToken(ports: Ports): Promise<string> {
  const interactive = isInteractive(ports)
  const given = interactive
    ? await askUntilGiven(ports.prompts, {message: 'API token'}, (answer) => answer.trim() === '')
    : await ports.stdin.readAll('an API token')
  const value = given.trim()
  if (value !== '') return value
  throw empty('No token was given on standard input', 'pipe it into the command')
}

/** Prompts for a secret, again while it is blank. */
async function askUntilGiven(
  {password}: Pick<Prompts, 'password'>,
  question: Parameters<Prompts['password']>[0],
  isBlank: (answer: string) => boolean = (answer) => answer === '',
): Promise<string> {
  let answer = await password(question)
  while (isBlank(answer)) answer = await password({...question, problem: 'Nothing was entered'})
  return answer
}

function notEmpty(answer: string): true | string {
  return answer.trim() !== '' || 'Enter a value, or press Ctrl-C to cancel.'
}

function missing(what: string, supply: string) {
  return failure('INPUT_MISSING', {missing: `No ${what} was given`, supply})
}

function empty(message: string, supply: string) {
  return failure('INPUT_MISSING', {missing: message, because: false, supply})
}
