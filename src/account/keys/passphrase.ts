import {isInteractive, printable, Secret, type Ports} from '@apkg/command-kit'

import {failure} from '../failures.js'

const variable = 'APKG_KEY_PASSPHRASE'

/** Asked when a private key turns out to be under a passphrase. */
export type AskPassphrase = (key: {keyId: string; name: string}) => Promise<Secret>

/**
 * The passphrase of a key that is there: from `APKG_KEY_PASSPHRASE`, else from a person.
 *
 * @throws {ApkgError} on asking: `KEY_PASSPHRASE_BLANK`; `INPUT_MISSING` where there is nobody to ask.
 */
export function passphraseFor(ports: Ports): AskPassphrase {
  return async ({keyId, name}) => {
    const given = fromEnvironment(ports)
    if (given) return given
    if (!isInteractive(ports)) {
      throw failure('INPUT_MISSING', {
        missing: `No passphrase for the signing key ${keyId} was given`,
        supply: `set ${variable}`,
      })
    }
    return new Secret(await ports.prompts.password({message: `Passphrase of the signing key ${printable(name)}`}))
  }
}

/**
 * The passphrase for a new key: from `APKG_KEY_PASSPHRASE`, else from a person, who types it twice.
 *
 * @returns undefined for none.
 * @throws {ApkgError} `KEY_PASSPHRASE_BLANK`.
 */
export async function newPassphrase(ports: Ports): Promise<Secret | undefined> {
  const given = fromEnvironment(ports)
  if (given || !isInteractive(ports)) return given
  const wish = 'Passphrase for the new key (empty for none)'
  for (let message = wish; ; message = `They differ. ${wish}`) {
    const passphrase = await ports.prompts.password({message})
    if (passphrase === '') return undefined
    if ((await ports.prompts.password({message: 'The same passphrase once more'})) === passphrase) {
      return new Secret(passphrase)
    }
  }
}

function fromEnvironment({env}: Ports): Secret | undefined {
  const given = env[variable]
  if (given === undefined) return undefined
  if (given.trim() === '') throw failure('KEY_PASSPHRASE_BLANK', {variable})
  return new Secret(given)
}
