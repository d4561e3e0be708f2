import type {RefusalFacts, RegistryClient} from '@apkg/command-kit'
import {type ProblemCode, type ProblemDetail, problems} from '@apkg/wire'
import type {PermissionResponse} from '@apkg/wire/protocol'

import {requestPermission} from '../../account/token/ask-permission.js'
import type {Publication} from './prepare-publication.js'
import {afterConflict} from './publish.js'

/**
 * Asks the registry whether it would accept a version, without sending it.
 *
 * @returns why it could not be asked; undefined if it would accept the version.
 * @throws {ApkgError} what publishing the version would throw.
 */
export async function checkPermission(
  client: RegistryClient,
  publication: Publication,
  {offline}: {offline: boolean},
): Promise<string | undefined> {
  if (offline) return 'Permission not checked: offline.'
  if (!client.credential) return `Permission not checked: no credential for ${client.registry}.`
  const {name, version, integrity, tag, visibility, provenance} = publication.metadata
  const optional = {...(tag !== undefined && {tag}), ...(provenance && {provenance: true})}
  const asked = {package: name, version, integrity, visibility, ...optional}
  const answer = await requestPermission(client, {action: 'publish', ...asked})
  if (!answer) return `Permission not checked: ${client.registry} does not support it.`
  const refused = refusalIn(answer)
  if (!refused) return undefined
  const error = await client.refusal('publishPackage', refused)
  if (refused.status !== 409) throw error
  // It is not refused if the registry already has the same content.
  await afterConflict(client, publication, error)
  return undefined
}

/** The response that publishing would get; undefined if it would succeed. */
function refusalIn({allowed, reasons}: PermissionResponse): RefusalFacts | undefined {
  const [reason] = reasons
  if (!reason && allowed) return undefined
  const {code = 'SCOPE_INSUFFICIENT', message = 'The credential does not allow this', problem, details} = reason ?? {}
  const sent = problem ?? code
  const status = Object.hasOwn(problems, sent) ? problems[sent as ProblemCode].status : 403
  const facts = {status, code: sent, message, details: (details ?? []).map(toDetail)}
  return {...facts, retryAfter: undefined, requestId: undefined}
}

function toDetail({
  field,
  message,
  code,
}: NonNullable<PermissionResponse['reasons'][number]['details']>[number]): ProblemDetail {
  return {message, ...(typeof field === 'string' && {field}), ...(typeof code === 'string' && {code})}
}
