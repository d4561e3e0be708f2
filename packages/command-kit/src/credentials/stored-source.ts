import {CredentialStore, type FoundLogin} from './credential-store.js'
import type {Credential, CredentialSource} from './source.js'

/** The logins that `apkg login` stored. Each is used only for its own registry. */
export const storedSource: CredentialSource = {
  name: '~/.apkg',
  async find({home, registry}) {
    const store = new CredentialStore(home)
    const login = await store.find(registry)
    return login && storedCredential(store, login)
  },
}

function storedCredential(store: CredentialStore, login: FoundLogin): Credential {
  return {
    secret: login.accessToken,
    source: login.file,
    async renew(refresh) {
      const renewed = await store.renew(login.registry, login.accessToken, refresh)
      return renewed && storedCredential(store, renewed)
    },
    rewrite: (work) => store.rewrite(login.registry, work),
  }
}
