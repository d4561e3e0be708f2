import {gotTransport} from '../client/got-transport.js'
import {RegistryClient} from '../client/registry-client.js'
import {readConfig} from '../config/config-file.js'
import {environmentSources} from '../credentials/environment-source.js'
import {fingerprint} from '../credentials/fingerprint.js'
import {resolveCredential} from '../credentials/resolve-credential.js'
import type {AuthPolicy} from '../credentials/selection.js'
import {CredentialStore} from '../credentials/credential-store.js'
import type {CredentialSource} from '../credentials/source.js'
import type {Ports} from '../ports/ports.js'
import {resolveRegistryTarget} from '../registry/registry-target.js'

export interface CompletionConnection {
  client: RegistryClient
  /** The fingerprint of the credential; empty if there is none. */
  identity: string
}

/** The stored logins, without refreshing sessions and without removing unfinished writes. */
const storedWithoutRefresh: CredentialSource = {
  name: '~/.apkg',
  async find({home, registry}) {
    const login = await new CredentialStore(home).peek(registry)
    return login && {secret: login.accessToken, source: '~/.apkg'}
  },
}

/**
 * Creates a client for completing values. It uses the registry that a command with the same flags would use, with
 * a token from the environment or the stored login. It doesn't ask the sources of plugins, because they could prompt, and it doesn't
 * refresh expired sessions.
 *
 * @param options `registry`: the value of `--registry`; `route`: the registry, as a canonical URL, that takes precedence over
 *   the selected one; `signal`: aborts requests
 * @returns undefined if a credential is required and there is none
 * @throws {ApkgError} if the configuration is invalid or a credential can't be read
 */
export async function completionClient(
  {env, home}: Pick<Ports, 'env' | 'home'>,
  {
    registry,
    route,
    auth,
    signal,
    userAgent,
  }: {
    registry: string | undefined
    route?: string | undefined
    auth: AuthPolicy
    signal: AbortSignal
    userAgent: string
  },
): Promise<CompletionConnection | undefined> {
  const config = await readConfig(home)
  const selected = resolveRegistryTarget(registry, env, config)
  const target = route === undefined ? selected : resolveRegistryTarget(route, env, config)
  const isRouted = target.registry !== selected.registry
  const query = {registry: target.registry, isRouted, env, home, note: () => undefined}
  const sources = auth === 'none' ? [] : [...environmentSources, storedWithoutRefresh]
  const {credential: found} = await resolveCredential(sources, query)
  if (!found && auth === 'required') return undefined
  const client = new RegistryClient({
    target,
    credential: found,
    transport: gotTransport(env),
    interrupted: signal,
    userAgent,
    offline: false,
    hintsFor: () => Promise.resolve(undefined),
    whileWaiting: (_purpose, response) => response,
  })
  return {client, identity: found ? fingerprint(found) : ''}
}
