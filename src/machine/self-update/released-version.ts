import {
  canonicalRegistry,
  failure,
  timeoutSignal,
  TransportError,
  type ApkgError,
  type Transport,
} from '@apkg/command-kit'
import {isVersion} from '@apkg/package-format'

/** Where npm looks, unless it was told otherwise. */
const npmRegistry = 'https://registry.npmjs.org'

/** Milliseconds. */
const patience = 10_000

export interface NpmAccess {
  /** npm sets `npm_config_registry` for what it runs; somebody with a mirror sets it themselves. */
  env: NodeJS.ProcessEnv
  transport: Transport
  offline: boolean
  userAgent: string
  interrupted: AbortSignal
}

/**
 * Asks npm's registry which version of a package is released as `latest`. No credential is sent.
 *
 * @param name `apkg`, or a plugin's.
 * @returns null where no version was released.
 * @throws {ApkgError} `OFFLINE`, `UNREACHABLE`, `TIMED_OUT`, `SERVER_FAILED`, `REQUEST_FAILED`, `INTERRUPTED`;
 *   `REGISTRY_INVALID` for an `npm_config_registry` that is none.
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
    signal: AbortSignal.any([interrupted, timeoutSignal(patience)]),
  }).catch((error: unknown) => {
    throw error instanceof TransportError ? unanswered(error, facts) : error
  })
  const {status, body} = response
  if (status === 404) return null
  const reason = `it answered with status ${status}`
  if (status >= 500 || status === 429) throw failure('SERVER_FAILED', {...facts, reason})
  if (status < 200 || status > 299) throw failure('REQUEST_FAILED', {...facts, reason})
  const latest = latestIn(body)
  if (latest === undefined) throw failure('REQUEST_FAILED', {...facts, reason: 'its answer names no version'})
  return latest
}

function unanswered(error: TransportError, facts: {purpose: string; registry: string}): ApkgError {
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
