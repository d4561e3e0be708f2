import {CredentialStore, type Ports, type RegistryClient} from '@apkg/command-kit'

import {adoptToken, logIn} from './login.js'
import {gatherLoginInput, readToken, type LoginFlags} from './login-input.js'

/** The login that was saved. */
export interface LoginResult {
  /** URL of the registry. */
  registry: string
  username: string
  /** `token` after `--with-token`. */
  kind: 'session' | 'token'
}

/**
 * Logs in and stores the session, or stores an existing token. Checks first that the store is writable.
 *
 * @throws {ApkgError} the errors of the store, `gatherLoginInput`, `readToken`, `logIn` and `adoptToken`.
 */
export async function storeLogin(
  client: RegistryClient,
  flags: LoginFlags & {'with-token': boolean},
  ports: Ports,
): Promise<LoginResult> {
  const store = new CredentialStore(ports.home)
  await store.assertWritable()
  const set = flags['with-token']
    ? await adoptToken(client, await readToken(ports))
    : await logIn(client, await gatherLoginInput(flags, ports))
  await store.save(set)
  return {registry: set.registry, username: set.username, kind: flags['with-token'] ? 'token' : 'session'}
}
