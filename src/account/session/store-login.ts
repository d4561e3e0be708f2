import {
  CredentialStore,
  isApkgError,
  printable,
  refusalBehind,
  type Ports,
  type RegistryClient,
  type StoredLogin,
} from '@apkg/command-kit'

import {expiringTokens, type ExpiringToken} from './expiring-tokens.js'
import {adoptToken, logIn, type NewLogin} from './login.js'
import {gatherLoginInput, readToken, type LoginFlags} from './login-input.js'

/** The login that was saved. */
export interface NewLoginResult {
  /** URL of the registry. */
  registry: string
  username: string
  /** `token` after `--with-token`. */
  kind: 'session' | 'token'
  /** Your API tokens that expire soon, the soonest first. */
  expiringTokens: ExpiringToken[]
}

/**
 * Logs in and stores the session, or stores an existing token. Checks first that the store is writable. Ends the session
 * that was stored before, which nothing can use anymore.
 *
 * @throws {ApkgError} the errors of the store, `gatherLoginInput`, `readToken`, `logIn` and `adoptToken`.
 */
export async function storeLogin(
  client: RegistryClient,
  flags: LoginFlags & {'with-token': boolean},
  ports: Ports,
): Promise<NewLoginResult> {
  const store = new CredentialStore(ports.home)
  await store.assertWritable()
  const {expiring, ...set}: NewLogin = flags['with-token']
    ? await adoptToken(client, await readToken(ports))
    : await logInWithRetries(client, flags, ports)
  const replaced = await store.save(set)
  if (replaced) await endReplacedSession(client, replaced)
  const {registry, username} = set
  const kind = flags['with-token'] ? 'token' : 'session'
  return {registry, username, kind, expiringTokens: expiringTokens(expiring, ports)}
}

/** Milliseconds. */
const endingTimeout = 5000

/** The new login is stored already, so a failure doesn't matter: the old session expires. */
async function endReplacedSession(client: RegistryClient, {refreshToken}: StoredLogin): Promise<void> {
  if (refreshToken.isEmpty) return
  try {
    await client.endSession(refreshToken, {timeout: endingTimeout})
  } catch (error) {
    if (!isApkgError(error) || error.code === 'INTERRUPTED') throw error
  }
}

/** Attempts at the username and the password on a terminal. */
const maxAttempts = 3

/** On a terminal, asks for the username and the password again if they are rejected. */
async function logInWithRetries(client: RegistryClient, flags: LoginFlags, ports: Ports): Promise<NewLogin> {
  let username: string | undefined
  for (let attempt = 1; ; attempt++) {
    const input = await gatherLoginInput(flags, ports, username)
    try {
      return await logIn(client, input)
    } catch (error) {
      const refusal = refusalBehind(error)
      if (refusal?.code !== 'LOGIN_FAILED' || !input.canAskAgain || attempt === maxAttempts) throw error
      await ports.stderr.write(`${printable(refusal.reason)}. Try again.\n`)
      username = input.username
    }
  }
}
