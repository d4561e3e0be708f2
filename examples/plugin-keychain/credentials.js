import {Secret} from '@apkg/command-kit'

import {Keychain, KeychainUnavailable} from './keychain.js'
import {PlainFile} from './plain-file.js'

/** Offers the tokens that `apkg keychain save` kept. The hook itself opens nothing: `find` does, when it is asked. */
export default async function credentials() {
  return {name: 'keychain', find}
}

/** What the user asked to be kept in plain text comes first: it is there because this machine has no keychain. */
async function find({registry, home, note}) {
  const file = new PlainFile(home)
  const plain = await file.read(registry)
  if (plain !== undefined) return {secret: new Secret(plain), source: file.path}
  try {
    const token = await new Keychain().read(registry)
    return token === undefined ? undefined : {secret: new Secret(token), source: 'the keychain'}
  } catch (error) {
    // Another source may come after this one, and much needs no credential: it is said, and no more.
    if (!(error instanceof KeychainUnavailable)) throw error
    note(`${error.message}.`)
    return undefined
  }
}
