import {isEventRefused, coversPackage, type ProblemDetail, type PublisherProvider} from '@apkg/wire'

import {type Claims, isSameClaim, isSameProject, projectIdClaimOf, idClaims} from './publisher-project.js'

/** What a trusted publisher requires of an ID token. */
export interface PublisherRequirement {
  /** A package, or `@acme/*`. */
  package: string
  provider: PublisherProvider
  claims: Claims
  /** The workflow file. Only for GitHub. */
  workflow: string | null
  /** The events that can start the workflow. Only for GitHub. */
  events: readonly string[] | null
}

/** The result of `matchPublisher`. `details` is empty if the ID token is from another project. */
export type Match<Publisher> =
  | {outcome: 'matched'; publisher: Publisher}
  | {outcome: 'unknown'}
  | {outcome: 'ambiguous'; packages: string[]}
  | {outcome: 'mismatch' | 'event-refused'; details: ProblemDetail[]}

/**
 * Finds the publisher that accepts an ID token.
 *
 * @param candidates the publishers of the project, oldest first
 * @param wanted the package to publish, or `@acme/*` for any publisher of the scope
 */
export function matchPublisher<Publisher extends PublisherRequirement>(
  candidates: readonly Publisher[],
  claims: Claims,
  wanted: string | undefined,
): Match<Publisher> {
  const covering = candidates.filter((each) => wanted === undefined || covers(each.package, wanted))
  const judged = covering.map((publisher) => ({
    publisher,
    mismatches: mismatchesOf(publisher, claims),
    refused: refusedEventOf(publisher, claims),
  }))
  const fitting = judged.filter(({mismatches}) => mismatches.length === 0)
  const matching = fitting.filter(({refused}) => refused === undefined).map(({publisher}) => publisher)
  const packages = [...new Set(matching.map((each) => each.package))].sort()
  if (wanted === undefined && packages.length > 1) return {outcome: 'ambiguous', packages}
  // A publisher of the scope can do everything that one of the package can, and publish it for the first time.
  const publisher = matching.find((each) => each.package.endsWith('/*')) ?? matching[0]
  if (publisher) return {outcome: 'matched', publisher}
  const [refused] = fitting.flatMap((each) => each.refused ?? [])
  if (refused) return {outcome: 'event-refused', details: [refused]}
  const [nearest] = judged
    .filter((each) => isSameProject(each.publisher, claims))
    .toSorted((a, b) => a.mismatches.length - b.mismatches.length)
  if (nearest) return {outcome: 'mismatch', details: nearest.mismatches}
  return judged.length > 0 ? {outcome: 'mismatch', details: []} : {outcome: 'unknown'}
}

function covers(published: string, wanted: string): boolean {
  if (wanted.endsWith('/*')) return published.startsWith(wanted.slice(0, -1))
  return coversPackage([published], wanted)
}

function mismatchesOf({provider, claims, workflow}: PublisherRequirement, actual: Claims): ProblemDetail[] {
  const different = Object.entries(claims)
    .filter(([claim, expected]) => !isSameClaim(claim, expected, actual[claim]))
    .map(([claim, expected]) => mismatch(claim, actual[claim], expected))
  const file = workflow === null ? undefined : workflowFileOf(actual)
  const otherFile = workflow === null || file === workflow ? [] : [mismatch('workflow', file, workflow)]
  return [...different, ...otherFile, ...missingProjectId(provider, claims, actual)]
}

/** A publisher learns the ID of its project from the first ID token, so that token must contain one. */
function missingProjectId(provider: PublisherProvider, claims: Claims, actual: Claims): ProblemDetail[] {
  const claim = projectIdClaimOf(provider)
  if (claim === undefined || Object.hasOwn(claims, claim) || isNumber(actual[claim])) return []
  return [{field: claim, message: 'is not a numeric ID'}]
}

function mismatch(field: string, actual: string | undefined, expected: string): ProblemDetail {
  return {field, message: `is ${actual ?? 'missing'}, expected ${expected}`}
}

/** Returns `publish.yml` for `acme/tool/.github/workflows/publish.yml@refs/heads/main`. */
function workflowFileOf({repository, workflow_ref: workflow}: Claims): string | undefined {
  const [, owner, file] = /^([^/]+\/[^/]+)\/\.github\/workflows\/([^/@]+)@/.exec(workflow ?? '') ?? []
  return isSameClaim('repository', repository, owner) ? file : undefined
}

const mergeRequestSources = ['merge_request_event', 'external_pull_request_event']

/** Returns the event that started the job if it can't publish. */
function refusedEventOf({provider, events}: PublisherRequirement, claims: Claims): ProblemDetail | undefined {
  const {event_name: event, pipeline_source: source, ref_protected: isProtected} = claims
  if (event !== undefined && isEventRefused(event)) return {field: 'event_name', message: `is ${event}`}
  if (source !== undefined && mergeRequestSources.includes(source)) {
    return {field: 'pipeline_source', message: `is ${source}`}
  }
  if (provider === 'github' && !events?.includes(event ?? '')) {
    return mismatch('event_name', event, (events ?? []).join(', '))
  }
  if (provider !== 'gitlab') return undefined
  if (source === undefined) return {field: 'pipeline_source', message: 'is missing'}
  return isProtected === 'true' ? undefined : mismatch('ref_protected', isProtected, 'true')
}

/**
 * Returns the IDs in an ID token that the publisher must record. Undefined if the ID of its project is already known.
 */
export function idsToPin({provider, claims}: PublisherRequirement, actual: Claims): Claims | undefined {
  const claim = projectIdClaimOf(provider)
  if (claim === undefined || Object.hasOwn(claims, claim)) return undefined
  const missing = idClaims[provider].filter((each) => !Object.hasOwn(claims, each) && isNumber(actual[each]))
  return Object.fromEntries(missing.map((each) => [each, actual[each] ?? '']))
}

function isNumber(value: string | undefined): boolean {
  return value !== undefined && /^[1-9][0-9]{0,18}$/.test(value)
}
