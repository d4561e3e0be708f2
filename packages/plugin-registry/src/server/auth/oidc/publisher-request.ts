import {
  defaultPublisherEvents,
  isEventRefused,
  type ProblemDetail,
  providerIssuers,
  publisherProviders,
  type PublisherProvider,
} from '@apkg/wire'
import type {AddTrustedPublisherRequest} from '@apkg/wire/protocol'

import {Refusal} from '../../http/refusal.js'
import {namesProject, idClaims} from '../../store/publisher-project.js'
import type {PublisherDraft} from '../../store/store.js'

/** Claims that are checked for every ID token, or that a field of the request sets. */
const reserved = ['iss', 'aud', 'exp', 'nbf', 'iat', 'jti', 'event_name', 'pipeline_source', 'ref_protected']

/**
 * Claims that bind a GitHub job to a workflow file or an environment, so that no other workflow of the repository can
 * publish.
 */
const binding = ['workflow_ref', 'job_workflow_ref', 'sub']

const projectClaims = {
  github: '`repository`, `repository_id` or `sub`',
  gitlab: '`project_path`, `project_id` or `sub`',
  oidc: '`sub`',
}

/**
 * Reads the publisher to add from a request that matches its schema.
 *
 * @param accepts whether the registry accepts the ID tokens of an issuer
 * @throws {Refusal} TRUSTED_PUBLISHER_INVALID, with each invalid field
 */
export function readPublisherRequest(
  request: AddTrustedPublisherRequest,
  accepts: (issuer: string) => boolean,
): Omit<PublisherDraft, 'id'> {
  const {package: published, claims, workflow = null} = request
  const issuer = request.issuer ?? (request.provider === 'oidc' ? undefined : providerIssuers[request.provider])
  const provider = providerOf(request.provider, issuer)
  const events = provider === 'github' ? [...new Set(request.events ?? defaultPublisherEvents)] : null
  const problems: ProblemDetail[] = [
    ...issuerProblems(request.provider, issuer, accepts),
    ...Object.entries(claims).flatMap(([claim, value]) => claimProblems(provider, claim, value)),
    ...projectProblems(provider, claims),
    ...workflowProblems(provider, request),
    ...eventProblems(provider, request),
  ]
  if (problems.length > 0 || issuer === undefined) throw new Refusal('TRUSTED_PUBLISHER_INVALID', {details: problems})
  return {package: published, provider, issuer, claims, workflow, events}
}

/** Requests with the issuer of GitHub or GitLab follow that provider's rules, even if they say `oidc`. */
function providerOf(requested: PublisherProvider, issuer: string | undefined): PublisherProvider {
  return requested === 'oidc' ? (providerWith(issuer) ?? requested) : requested
}

function providerWith(issuer: string | undefined): PublisherProvider | undefined {
  return publisherProviders.find((each) => each !== 'oidc' && providerIssuers[each] === issuer)
}

function issuerProblems(
  requested: PublisherProvider,
  issuer: string | undefined,
  accepts: (issuer: string) => boolean,
): ProblemDetail[] {
  if (issuer === undefined) return [problem('issuer', 'is required')]
  if (!accepts(issuer)) {
    return [problem('issuer', 'is not accepted by this registry. Its operator can allow it with --oidc-issuer')]
  }
  const provider = providerWith(issuer) ?? requested
  return requested === 'oidc' || provider === requested ? [] : [problem('issuer', `is the issuer of ${provider}`)]
}

function claimProblems(provider: PublisherProvider, claim: string, value: string): ProblemDetail[] {
  const field = `claims.${claim}`
  if (reserved.includes(claim)) return [problem(field, 'cannot be set as a claim')]
  if (claim === 'workflow' && provider === 'github') {
    return [problem(field, 'is a display name that any workflow can use. Use the field `workflow`')]
  }
  if (value.includes('*')) return [problem(field, 'must be an exact value, without *')]
  if (!/^(?! )[\p{L}\p{M}\p{N}\p{P}\p{S} ]+(?<! )$/u.test(value)) {
    return [problem(field, 'must contain only printable characters, and not begin or end with a space')]
  }
  if (idClaims[provider].includes(claim) && !/^[1-9][0-9]{0,18}$/.test(value)) {
    return [problem(field, 'must be a numeric ID')]
  }
  if (claim === 'repository' && provider === 'github' && !/^[\w.-]+\/[\w.-]+$/.test(value)) {
    return [problem(field, 'must be an owner and a repository, such as acme/tool')]
  }
  return []
}

function projectProblems(provider: PublisherProvider, claims: Record<string, string>): ProblemDetail[] {
  if (namesProject({provider, claims})) return []
  return [problem('claims', `must identify a project with ${projectClaims[provider]}`)]
}

function workflowProblems(
  provider: PublisherProvider,
  {workflow, claims}: AddTrustedPublisherRequest,
): ProblemDetail[] {
  if (provider !== 'github') return workflow === undefined ? [] : [problem('workflow', 'is only for GitHub')]
  if (workflow !== undefined || binding.some((claim) => Object.hasOwn(claims, claim))) return []
  return [problem('workflow', 'is required')]
}

function eventProblems(provider: PublisherProvider, {events = []}: AddTrustedPublisherRequest): ProblemDetail[] {
  if (provider !== 'github') return events.length === 0 ? [] : [problem('events', 'is only for GitHub')]
  return events
    .filter(isEventRefused)
    .map((event) => problem('events', `cannot contain \`${event}\`, which can run code of people without write access`))
}

function problem(field: string, message: string): ProblemDetail {
  return {field, message}
}
