import {failure} from '@apkg/command-kit'
import {publishedNameProblem} from '@apkg/package-format'
import {defaultPublisherEvents, isEventRefused} from '@apkg/wire'
import {Args, Flags, type Interfaces} from '@oclif/core'

import type {PublisherRequest} from '../../account/trusted-publishing/add-publisher.js'

const everyPackage = /^@[a-z0-9-]+\/\*$/

/** The flags that describe the CI jobs of a trusted publisher. */
export const trustedPublisherFlags = {
  github: Flags.string({
    summary: 'GitHub repository whose workflow publishes, such as acme/tool.',
    helpValue: '<owner/repo>',
    exclusive: ['gitlab'],
    parse: (text) => Promise.resolve(parseProject('github', text)),
  }),
  workflow: Flags.string({
    summary: 'Workflow file, such as publish.yml.',
    helpValue: '<file>',
    dependsOn: ['github'],
    parse: (text) => Promise.resolve(parseWorkflow(text)),
  }),
  event: Flags.string({
    summary: 'Event that can start the workflow. Repeatable.',
    description: `Defaults to ${defaultPublisherEvents.join(', ')}. Pull request events and workflow_run are refused.`,
    helpValue: '<event>',
    dependsOn: ['github'],
    multiple: true,
    multipleNonGreedy: true,
    delimiter: ',',
  }),
  gitlab: Flags.string({
    summary: 'GitLab project whose pipelines publish, such as group/project.',
    helpValue: '<project>',
    parse: (text) => Promise.resolve(parseProject('gitlab', text)),
  }),
  environment: Flags.string({
    summary: 'Deployment environment that the job must run in.',
    helpValue: '<name>',
  }),
  issuer: Flags.string({
    summary: 'URL of the ID token issuer, if not github.com or gitlab.com.',
    helpValue: '<URL>',
    parse: (text) => Promise.resolve(parseIssuer(text)),
  }),
  claim: Flags.string({
    summary: 'Claim that the ID token must have, such as repository_id=1234. Repeatable.',
    description: 'With --issuer alone, a `sub` claim is required.',
    helpValue: '<name=value>',
    multiple: true,
    multipleNonGreedy: true,
    parse: (text) => Promise.resolve(parseClaim(text)),
  }),
}

/** The package or the scope of a trusted publisher. */
export function publisherPackage(description: string) {
  return Args.string({description, ignoreStdin: true, parse: (text) => Promise.resolve(parsePackage(text))})
}

/** A scope, such as `@acme/*`. */
export const scopePattern = Args.string({
  description: 'Scope, such as @acme/*.',
  required: true,
  ignoreStdin: true,
  parse: (text) => Promise.resolve(parseScope(text)),
})

type ParsedFlags = Interfaces.InferredFlags<typeof trustedPublisherFlags>

/**
 * Builds the request from the flags.
 *
 * @throws {ApkgError} `USAGE` if they don't identify a project
 */
export function publisherRequestOf(packageName: string, flags: ParsedFlags): PublisherRequest {
  const {github, gitlab, workflow, event: events, environment, issuer} = flags
  const claims = {
    ...(github !== undefined && {repository: github}),
    ...(gitlab !== undefined && {project_path: gitlab}),
    ...(environment !== undefined && {environment}),
    ...claimsOf(flags.claim ?? []),
  }
  for (const event of events ?? []) assertEvent(event)
  const request = {package: packageName, issuer, claims, workflow, events}
  if (gitlab !== undefined) return {...request, provider: 'gitlab'}
  if (github === undefined) return {...request, provider: 'oidc', issuer: requiredIssuer(issuer, claims)}
  const namesWorkflow = ['workflow_ref', 'job_workflow_ref', 'sub'].some((claim) => Object.hasOwn(claims, claim))
  if (workflow !== undefined || namesWorkflow) return {...request, provider: 'github'}
  const suggestions = ['add --workflow with the file in .github/workflows, such as --workflow publish.yml']
  throw failure('USAGE', {message: '--github requires --workflow', suggestions})
}

function requiredIssuer(issuer: string | undefined, claims: Record<string, string>): string {
  if (issuer !== undefined && Object.hasOwn(claims, 'sub')) return issuer
  if (issuer !== undefined) {
    const suggestions = ['add the subject of the ID tokens: --claim sub=<subject>']
    throw failure('USAGE', {message: '--issuer requires --claim sub=<subject>, --github or --gitlab', suggestions})
  }
  const suggestions = [
    'for GitHub Actions, add --github acme/tool --workflow publish.yml',
    'for GitLab, add --gitlab group/project',
  ]
  throw failure('USAGE', {message: 'No project was given', suggestions})
}

/** @throws {ApkgError} `USAGE` if a claim is given twice */
function claimsOf(given: readonly string[]): Record<string, string> {
  const claims = given.map((each) => [each.slice(0, each.indexOf('=')), each.slice(each.indexOf('=') + 1)] as const)
  const twice = claims.find(([name], index) => claims.findIndex(([other]) => other === name) < index)
  if (!twice) return Object.fromEntries(claims)
  throw failure('USAGE', {message: `--claim ${twice[0]} is repeated`, suggestions: ['pass each claim once']})
}

function parseClaim(text: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_.:/-]*=./.test(text)) return text
  throw failure('USAGE', {message: `\`${text}\` is not a claim`, suggestions: ['use name=value, such as sub=ci']})
}

/** Also accepts the URL of a repository on github.com or gitlab.com. */
function parseProject(flag: 'github' | 'gitlab', text: string): string {
  const path = text.replace(new RegExp(`^https://${flag}\\.com/`), '').replace(/(?:\.git|\/)$/, '')
  const isProject = flag === 'github' ? /^[\w.-]+\/[\w.-]+$/ : /^[\w.-]+(?:\/[\w.-]+)+$/
  if (isProject.test(path)) return path
  const example = flag === 'github' ? 'acme/tool' : 'group/project'
  const suggestions = [`use the path of the repository, such as ${example}`]
  throw failure('USAGE', {message: `\`${text}\` is not a repository`, suggestions})
}

/** Also accepts the path of the file in the repository. */
function parseWorkflow(text: string): string {
  const file = text.replace(/^(?:\.\/)?\.github\/workflows\//, '')
  if (/^[\w.-]+\.ya?ml$/.test(file)) return file
  const suggestions = ['use the name of a file in .github/workflows, such as publish.yml']
  throw failure('USAGE', {message: `\`${text}\` is not a workflow file`, suggestions})
}

/** @throws {ApkgError} `USAGE` for an event that the registry would refuse. */
function assertEvent(text: string): void {
  if (!/^[a-z_]{1,64}$/.test(text)) {
    const suggestions = [`use the name of an event, such as ${defaultPublisherEvents[0]}`]
    throw failure('USAGE', {message: `--event: \`${text}\` is not an event`, suggestions})
  }
  if (!isEventRefused(text)) return
  const suggestions = [`use other events, such as ${defaultPublisherEvents.join(', ')}`]
  throw failure('USAGE', {message: `--event: \`${text}\` can run code of people without write access`, suggestions})
}

/** The registry compares it literally with the `iss` of ID tokens, so it isn't normalized. */
function parseIssuer(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text
  const suggestions = ['use the `iss` of its ID tokens, such as https://gitlab.example.com']
  throw failure('USAGE', {message: `\`${text}\` is not a URL`, suggestions})
}

/** @throws {ApkgError} `USAGE` if it is neither a package nor `@acme/*`. */
export function parsePackage(text: string): string {
  const reason = everyPackage.test(text) ? undefined : publishedNameProblem(text)
  if (reason === undefined) return text
  const suggestions = ["use a package, such as @acme/tool, or '@acme/*' for every package of a scope"]
  throw failure('USAGE', {message: `\`${text}\` ${reason}`, suggestions})
}

function parseScope(text: string): string {
  if (everyPackage.test(text)) return text
  throw failure('USAGE', {message: `\`${text}\` is not a scope`, suggestions: ["use a scope, such as '@acme/*'"]})
}
