import {isInteractive, printable, Secret, withoutEcho, type Ports} from '@apkg/command-kit'

import {failure} from '../failures.js'

const variable = 'APKG_KEY_PASSPHRASE'

/**
 * Called only for encrypted private keys.
 *
 * @param wrong how many passphrases were wrong so far.
 * @returns undefined if there is no other passphrase to try.
 */
export type AskPassphrase = (key: {keyId: string; name: string}, wrong: number) => Promise<Secret | undefined>

/**
 * Takes the passphrase of an existing key from `APKG_KEY_PASSPHRASE`, or prompts for it, again if it is wrong.
 *
 * @throws {ApkgError} when called: `KEY_PASSPHRASE_BLANK`; `INPUT_MISSING` without a terminal.
 */
export function passphraseFor(ports: Ports): AskPassphrase {
  return async ({keyId, name}, wrong) => {
    const given = fromEnvironment(ports)
    if (given) return wrong > 0 ? undefined : given
    if (!isInteractive(ports)) {
      throw failure('INPUT_MISSING', {
        missing: `No passphrase for the signing key ${keyId} was given`,
        supply: `set ${variable}`,
      })
    }
    const message = `Passphrase for the signing key ${printable(name)}`
    return new Secret(await ports.prompts.password({message, problem: wrong > 0 ? 'Wrong passphrase' : undefined}))
  }
}

/** Whether a private key can be read: it is not encrypted, or there is a passphrase or a terminal to ask on. */
export function canUnlock({isEncrypted}: {isEncrypted: boolean}, ports: Ports): boolean {
  return !isEncrypted || ports.env[variable] !== undefined || isInteractive(ports)
}

/**
 * Takes the passphrase for a new key from `APKG_KEY_PASSPHRASE`, or prompts for it twice.
 *
 * @returns undefined if the key gets no passphrase.
 * @throws {ApkgError} `KEY_PASSPHRASE_BLANK`.
 */
export async function newPassphrase(ports: Ports): Promise<Secret | undefined> {
  const given = fromEnvironment(ports)
  if (given || !isInteractive(ports)) return given
  return withoutEcho(ports.prompts, () => askNewPassphrase(ports))
}

async function askNewPassphrase({prompts}: Pick<Ports, 'prompts'>): Promise<Secret | undefined> {
  const message = 'Passphrase for the new key (empty for no passphrase)'
  for (let problem: string | undefined; ; problem = 'Passphrases do not match') {
    const passphrase = await prompts.password({message, problem})
    if (passphrase === '') return undefined
    if ((await prompts.password({message: 'Confirm passphrase'})) === passphrase) return new Secret(passphrase)
  }
}

function fromEnvironment({env}: Ports): Secret | undefined {
  const given = env[variable]
  if (given === undefined) return undefined
  if (given.trim() === '') throw failure('KEY_PASSPHRASE_BLANK', {variable})
  return new Secret(given)
}
