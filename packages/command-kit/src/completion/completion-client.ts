import {gotTransport} from '../client/got-transport.js'
import {RegistryClient} from '../client/registry-client.js'
import {readConfig} from '../config/config-file.js'
import {environmentSource} from '../credentials/environment-source.js'
import {fingerprint} from '../credentials/fingerprint.js'
import {resolveCredential} from '../credentials/resolve.js'
import type {AuthPolicy} from '../credentials/selection.js'
import {CredentialStore} from '../credentials/credential-store.js'
import type {CredentialSource} from '../credentials/source.js'
import type {Ports} from '../ports/ports.js'
import {resolveRegistryTarget} from '../registry/registry-target.js'

export interface CompletionConnection {
  client: RegistryClient
  /** Tells the credential from others without showing it; empty for none. */
  identity: string
}

/** What `apkg login` stored, without the way to a fresh session. */
const storedAsItIs: CredentialSource = {
  name: '~/.apkg',
  async find({home, registry}) {
    const set = await new CredentialStore(home).peek(registry)
    return set && {secret: set.accessToken, source: '~/.apkg'}
  },
}

/**
 * A client for values to complete: it goes where a command with the same flags would go, with the credential that the
 * command would have of `APKG_TOKEN` or of what `apkg login` stored, and leaves everything as it is. Plugins' sources are
 * not asked, since they may ask a person, and a session that has expired is not refreshed.
 *
 * @param wish `registry`: what `--registry` says; `signal`: when there is no use for an answer any more.
 * @returns undefined where a credential is required and there is none.
 * @throws {ApkgError} what the configuration and the sources throw.
 */
export async function completionClient(
  {env, home}: Pick<Ports, 'env' | 'home'>,
  {
    registry,
    auth,
    signal,
    userAgent,
  }: {
    registry: string | undefined
    auth: AuthPolicy
    signal: AbortSignal
    userAgent: string
  },
): Promise<CompletionConnection | undefined> {
  const target = resolveRegistryTarget(registry, env, await readConfig(home))
  const query = {registry: target.registry, env, home, note: () => undefined}
  const found = auth === 'none' ? undefined : await resolveCredential([environmentSource, storedAsItIs], query)
  if (!found && auth === 'required') return undefined
  const client = new RegistryClient({
    target,
    credential: found,
    transport: gotTransport(env),
    interrupted: signal,
    userAgent,
    offline: false,
    hintsFor: () => Promise.resolve(undefined),
    whileWaiting: (_purpose, answer) => answer,
  })
  return {client, identity: found ? fingerprint(found) : ''}
}
