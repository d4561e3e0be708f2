import {CredentialStore, type StoredSet} from './credential-store.js'
import type {Credential, CredentialSource} from './source.js'

/** The sets that `apkg login` stored, each for its own registry alone. */
export const storedSource: CredentialSource = {
  name: '~/.apkg',
  async find({home, registry}) {
    const store = new CredentialStore(home)
    const set = await store.find(registry)
    return set && storedCredential(store, set, await store.whereIs(registry))
  },
}

function storedCredential(store: CredentialStore, set: StoredSet, source: string): Credential {
  return {
    secret: set.accessToken,
    source,
    async renew(refresh) {
      const renewed = await store.renew(set.registry, set.accessToken, refresh)
      return renewed && storedCredential(store, renewed, source)
    },
  }
}
