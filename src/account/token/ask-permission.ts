import {
  exitCodes,
  isApkgError,
  printable,
  refusalBehind,
  type ApkgError,
  type ExitCode,
  type RegistryClient,
} from '@apkg/command-kit'
import type {PackageAction} from '@apkg/wire'
import type {PermissionRequest, PermissionResponse} from '@apkg/wire/protocol'

import {failure} from '../failures.js'

/** An action on a package. */
export interface Question {
  action: PackageAction
  name: string
  /** Undefined means any version. */
  version: string | undefined
  /** How long the credential must remain valid, in seconds. Undefined means only now. */
  minTtl: number | undefined
}

/** Whether the credential in use allows an action on a package. */
export interface PermissionAnswer {
  /** URL of the registry. */
  registry: string
  allowed: boolean
  /** Why the action isn't allowed. Empty if it is. */
  reasons: PermissionReason[]
  /** Whether publishing would create the package. False if there is another reason against it. */
  createsPackage: boolean
  /**
   * When the credential expires; null if it doesn't, or if it is missing, invalid or rejected.
   *
   * @format date-time
   */
  expiresAt: string | null
}

/** Why an action isn't allowed. */
export interface PermissionReason {
  /**
   * `SCOPE_INSUFFICIENT`, `PACKAGE_FORBIDDEN`, `ADDRESS_REFUSED`, `EXPIRES_SOON`, `SPENT`, `VERSION_EXISTS` or
   * `WOULD_CREATE_PACKAGE`. If the credential was rejected, the registry's own code, such as `CREDENTIAL_REVOKED`. If it is
   * missing or invalid, apkg's error code, such as `AUTH_REQUIRED`.
   */
  code: string
  message: string
}

/**
 * Asks whether the credential in use allows an action.
 *
 * @throws {ApkgError} `NOT_OFFERED`; `REJECTED` and other errors of the client.
 */
export async function askPermission(
  client: RegistryClient,
  {action, name, version, minTtl}: Question,
): Promise<PermissionAnswer> {
  const asked = {action, package: name, ...(version !== undefined && {version}), ...(minTtl !== undefined && {minTtl})}
  const response = await requestPermission(client, asked)
  if (!response) throw notOffered(client.registry)
  const {reasons, createsPackage, expiresAt} = response
  return {
    registry: client.registry,
    // A registry that names a reason doesn't allow it.
    allowed: response.allowed && reasons.length === 0,
    reasons: reasons.map(({code, message}) => ({code, message})),
    createsPackage: createsPackage ?? false,
    expiresAt: expiresAt ?? null,
  }
}

/** @returns undefined if the registry can't answer. */
export async function requestPermission(
  client: RegistryClient,
  body: PermissionRequest,
): Promise<PermissionResponse | undefined> {
  try {
    return await client.call('can', {body})
  } catch (error) {
    const status = refusalBehind(error)?.status
    if (status === 404 || status === 405) return undefined
    throw error
  }
}

/** Whether an error means that there is no credential, or none that the registry accepts. */
export function isCredentialError(error: unknown): error is ApkgError {
  return isApkgError(error) && error.exitCode === exitCodes.credential
}

/** The answer if there is no credential, or none that the registry accepts. */
export function answerWithoutCredential(error: ApkgError, registry: string): PermissionAnswer {
  const refusal = refusalBehind(error)
  const reason = {code: refusal?.code ?? error.code, message: refusal?.message ?? error.message}
  return {registry, allowed: false, reasons: [reason], createsPackage: false, expiresAt: null}
}

export function exitCodeOf({allowed}: PermissionAnswer): ExitCode {
  return allowed ? exitCodes.done : exitCodes.refused
}

function notOffered(registry: string): ApkgError {
  return failure('NOT_OFFERED', {
    purpose: 'check what the credential allows',
    registry,
    suggestions: [
      `run \`apkg whoami --registry ${printable(registry)}\` to see the scopes and packages of the credential`,
    ],
  })
}
