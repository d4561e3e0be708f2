import {isInteractive, withoutEcho, type Ports} from '@apkg/command-kit'

import {passwordProblem, passwordRule} from '../server/auth/passwords.js'
import {failure} from './failures.js'

/**
 * Reads a new password from the first line of standard input, or prompts for it twice.
 *
 * @throws {ApkgError} `INPUT_MISSING`, `PASSWORDS_DIFFER`, `PASSWORD_INVALID`
 */
export async function readPassword(flags: {'password-stdin': boolean}, ports: Ports): Promise<string> {
  const password = flags['password-stdin'] ? await readFirstLine(ports) : await askTwice(ports)
  const reason = passwordProblem(password)
  if (reason !== undefined) throw failure('PASSWORD_INVALID', {reason})
  return password
}

async function readFirstLine({stdin}: Ports): Promise<string> {
  const [line = ''] = (await stdin.readAll('a password')).split(/\r?\n/)
  return line
}

async function askTwice(ports: Ports): Promise<string> {
  if (!isInteractive(ports))
    throw failure('INPUT_MISSING', {missing: 'No password was given', supply: 'pass --password-stdin'})
  const {prompts} = ports
  const {password, confirmation} = await withoutEcho(prompts, async () => ({
    password: await prompts.password({message: `Password (${passwordRule})`}),
    confirmation: await prompts.password({message: 'Confirm password'}),
  }))
  if (password !== confirmation) throw failure('PASSWORDS_DIFFER')
  return password
}
