import {providerIssuers, type PublisherProvider} from '@apkg/wire'

import type {Claims} from './publisher-project.js'

/** The CI job that published a version. Claims that the ID token doesn't contain are absent. */
export interface PublisherOrigin {
  provider: PublisherProvider
  issuer: string
  subject: string
  repository?: string
  repositoryId?: string
  commit?: string
  ref?: string
  workflow?: string
  run?: string
  environment?: string
}

type Details = Omit<PublisherOrigin, 'provider' | 'issuer' | 'subject'>

/** How to read details from the claims of a provider. */
type Readers = {[Detail in keyof Details]?: (claims: Claims, issuer: string) => string | undefined}

const shared = {
  commit: commitIn,
  ref: claim('ref'),
  environment: claim('environment'),
}

const readers: Record<PublisherProvider, Readers> = {
  github: {
    ...shared,
    repository: claim('repository'),
    repositoryId: claim('repository_id'),
    workflow: claim('workflow_ref'),
    run: githubRun,
  },
  gitlab: {
    ...shared,
    repository: claim('project_path'),
    repositoryId: claim('project_id'),
    workflow: claim('ci_config_ref_uri'),
    run: gitlabRun,
  },
  oidc: {},
}

/** Reads the origin from verified claims. Skips claims that can't be shown on one line. */
export function originOf(provider: PublisherProvider, issuer: string, claims: Claims): PublisherOrigin {
  const read = Object.entries(readers[provider]).map(([detail, reader]) => [detail, reader(claims, issuer)] as const)
  const details = read.filter(([, value]) => value !== undefined)
  return {provider, issuer, subject: shown(claims['sub']) ?? '', ...Object.fromEntries(details)}
}

function claim(name: string): (claims: Claims) => string | undefined {
  return (claims) => shown(claims[name])
}

const maxShownLength = 1024

function shown(value: string | undefined): string | undefined {
  if (value === undefined || value.length > maxShownLength) return undefined
  return /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]+$/u.test(value) ? value : undefined
}

function commitIn({sha}: Claims): string | undefined {
  return sha !== undefined && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(sha) ? sha : undefined
}

/** On GitHub Enterprise Server, the issuer has the same host as the repositories. */
function githubRun({repository, run_id: run, run_attempt: attempt}: Claims, issuer: string): string | undefined {
  if (!isPath(repository) || !isNumber(run)) return undefined
  const host = issuer === providerIssuers.github ? 'https://github.com' : new URL(issuer).origin
  return `${host}/${repository}/actions/runs/${run}${isNumber(attempt) ? `/attempts/${attempt}` : ''}`
}

function gitlabRun({project_path: project, pipeline_id: pipeline}: Claims, issuer: string): string | undefined {
  return isPath(project) && isNumber(pipeline) ? `${issuer}/${project}/-/pipelines/${pipeline}` : undefined
}

function isPath(value: string | undefined): value is string {
  return value !== undefined && /^[\w.-]+(?:\/[\w.-]+)+$/.test(value)
}

function isNumber(value: string | undefined): value is string {
  return value !== undefined && /^[0-9]{1,19}$/.test(value)
}
