import {isInteractive, withoutEcho, type ApkgError, type Ports} from '@apkg/command-kit'

import {passwordProblem, passwordRule} from '../server/auth/passwords.js'
import {failure} from './failures.js'

/** A terminal that answers by itself must not be asked forever. */
const maxAttempts = 5

/**
 * Reads a new password from the first line of standard input, or prompts for it twice, again if that fails.
 *
 * @throws {ApkgError} `INPUT_MISSING`, `PASSWORDS_DIFFER`, `PASSWORD_INVALID`
 */
export async function readPassword(flags: {'password-stdin': boolean}, ports: Ports): Promise<string> {
  if (!flags['password-stdin']) return askUntilValid(ports)
  const password = await readFirstLine(ports)
  const reason = passwordProblem(password)
  if (reason !== undefined) throw failure('PASSWORD_INVALID', {reason})
  return password
}

async function readFirstLine({stdin}: Ports): Promise<string> {
  const [line = ''] = (await stdin.readAll('a password')).split(/\r?\n/)
  return line
}

/** Asks again if a password is invalid or its confirmation differs. */
async function askUntilValid(ports: Ports): Promise<string> {
  if (!isInteractive(ports))
    throw failure('INPUT_MISSING', {missing: 'No password was given', supply: 'pass --password-stdin'})
  return withoutEcho(ports.prompts, async () => {
    let answer = await askTwice(ports, undefined)
    for (let attempt = 1; 'error' in answer; attempt++) {
      if (attempt === maxAttempts) throw answer.error
      const [problem = ''] = answer.error.message.split('. ')
      answer = await askTwice(ports, problem)
    }
    return answer.password
  })
}

/** @param problem why the previous answer was rejected; undefined for the first. */
async function askTwice(
  {prompts}: Pick<Ports, 'prompts'>,
  problem: string | undefined,
): Promise<{password: string} | {error: ApkgError}> {
  const password = await prompts.password({message: `Password (${passwordRule})`, problem})
  const reason = passwordProblem(password)
  if (reason !== undefined) return {error: failure('PASSWORD_INVALID', {reason})}
  const confirmation = await prompts.password({message: 'Confirm password'})
  return password === confirmation ? {password} : {error: failure('PASSWORDS_DIFFER')}
}
