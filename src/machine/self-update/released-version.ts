import {
  canonicalRegistry,
  failure,
  timeoutSignal,
  TransportError,
  type ApkgError,
  type Transport,
} from '@apkg/command-kit'
import {isVersion} from '@apkg/package-format'

/** npm's default registry. */
const npmRegistry = 'https://registry.npmjs.org'

/** In milliseconds. */
const requestTimeout = 10_000

export interface NpmAccess {
  /** `npm_config_registry` is set by npm for the commands that it runs, or by users who have a mirror. */
  env: NodeJS.ProcessEnv
  transport: Transport
  offline: boolean
  userAgent: string
  interrupted: AbortSignal
}

/**
 * Gets a package's `latest` version from npm's registry, without a credential.
 *
 * @param name `apkg` or the name of a plugin.
 * @returns null if the package hasn't been released.
 * @throws {ApkgError} `OFFLINE`, `UNREACHABLE`, `TIMED_OUT`, `SERVER_FAILED`, `REQUEST_FAILED`, `INTERRUPTED`;
 *   `REGISTRY_INVALID` if `npm_config_registry` is invalid.
 */
export async function releasedVersion(name: string, access: NpmAccess): Promise<string | null> {
  const {env, transport, offline, userAgent, interrupted} = access
  const purpose = `look for a newer ${name}`
  if (offline) throw failure('OFFLINE', {purpose})
  const registry = canonicalRegistry(env['npm_config_registry'] ?? npmRegistry, 'npm_config_registry')
  const facts = {purpose, registry}
  const response = await transport({
    method: 'GET',
    url: new URL(`${registry}/-/package/${name.replace('/', '%2f')}/dist-tags`),
    headers: {accept: 'application/json', 'user-agent': userAgent},
    signal: AbortSignal.any([interrupted, timeoutSignal(requestTimeout)]),
  }).catch((error: unknown) => {
    throw error instanceof TransportError ? failureOf(error, facts) : error
  })
  const {status, body} = response
  if (status === 404) return null
  const reason = `unexpected status ${status}`
  if (status >= 500 || status === 429) throw failure('SERVER_FAILED', {...facts, reason})
  if (status < 200 || status > 299) throw failure('REQUEST_FAILED', {...facts, reason})
  const latest = latestIn(body)
  if (latest === undefined)
    throw failure('REQUEST_FAILED', {...facts, reason: 'the response contains no valid version'})
  return latest
}

function failureOf(error: TransportError, facts: {purpose: string; registry: string}): ApkgError {
  const because = {cause: error}
  if (error.kind === 'interrupted') return failure('INTERRUPTED')
  if (error.kind === 'timeout') return failure('TIMED_OUT', facts, because)
  return failure('UNREACHABLE', {...facts, reason: error.reason}, because)
}

function latestIn(body: string): string | undefined {
  try {
    const {latest} = JSON.parse(body) as {latest?: unknown}
    return typeof latest === 'string' && isVersion(latest) ? latest : undefined
  } catch {
    return undefined
  }
}
