import {Secret} from '@apkg/command-kit'

import {Keychain, KeychainUnavailable} from './keychain.js'
import {PlainFile} from './plain-file.js'

/** Offers the tokens that `apkg keychain save` stored. Only `find` accesses the keychain, not the hook. */
export default async function credentials() {
  return {name: 'keychain', find}
}

/** The file comes first, because it exists only on machines without a keychain. */
async function find({registry, home, note}) {
  const file = new PlainFile(home)
  const plain = await file.read(registry)
  if (plain !== undefined) return {secret: new Secret(plain), source: file.path}
  try {
    const token = await new Keychain().read(registry)
    return token === undefined ? undefined : {secret: new Secret(token), source: 'the keychain'}
  } catch (error) {
    // Not an error, because another source may have a credential, or the command may not need one.
    if (!(error instanceof KeychainUnavailable)) throw error
    note(`${error.message}.`)
    return undefined
  }
}
