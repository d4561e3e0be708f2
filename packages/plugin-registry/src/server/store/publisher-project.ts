import type {PublisherProvider} from '@apkg/wire'

/** The claims with the name and the ID of the job's project. Each identifies the project by itself. */
const claimsOf = {
  github: {name: 'repository', id: 'repository_id'},
  gitlab: {name: 'project_path', id: 'project_id'},
} as const

/** Claims whose values the providers compare case-insensitively. */
const caseless: readonly string[] = ['repository', 'repository_owner', 'project_path', 'namespace_path']

/** The claims with the numeric IDs of a project and its owner. They are recorded at the first exchange. */
export const idClaims: Record<PublisherProvider, readonly string[]> = {
  github: ['repository_id', 'repository_owner_id'],
  gitlab: ['project_id', 'namespace_id'],
  oidc: [],
}

export type Claims = Readonly<Record<string, string>>

interface Requirement {
  provider: PublisherProvider
  claims: Claims
}

/** The claim with the numeric ID of a project. Undefined for providers without one. */
export function projectIdClaimOf(provider: PublisherProvider): string | undefined {
  return provider === 'oidc' ? undefined : claimsOf[provider].id
}

/** Whether the claims name one project. */
export function namesProject({provider, claims}: Requirement): boolean {
  const naming = provider === 'oidc' ? ['sub'] : [claimsOf[provider].name, claimsOf[provider].id, 'sub']
  return naming.some((claim) => Object.hasOwn(claims, claim))
}

/** The key that a publisher is found by: the name of its project, or else its subject. */
export function projectKeyOf({provider, claims}: Requirement): string | null {
  const name = provider === 'oidc' ? undefined : claimsOf[provider].name
  return keyOf(claims, name) ?? keyOf(claims, 'sub')
}

/** The key that a publisher is found by once the ID of its project is known. */
export function projectIdKeyOf({provider, claims}: Requirement): string | null {
  return keyOf(claims, projectIdClaimOf(provider))
}

/** Every key that could find a publisher for an ID token. */
export function projectKeysOf(claims: Claims): string[] {
  const naming = ['sub', ...Object.values(claimsOf).flatMap(({name, id}) => [name, id])]
  return naming.map((claim) => keyOf(claims, claim)).filter((key) => key !== null)
}

/**
 * Whether an ID token is from the publisher's project. Compares the project ID if it is known, or else the name or the
 * subject.
 */
export function isSameProject({provider, claims}: Requirement, actual: Claims): boolean {
  const known = provider === 'oidc' ? [] : [claimsOf[provider].id, claimsOf[provider].name]
  const deciding = [...known, 'sub'].find((claim) => Object.hasOwn(claims, claim))
  return deciding !== undefined && isSameClaim(deciding, claims[deciding], actual[deciding])
}

export function isSameClaim(claim: string, expected: string | undefined, actual: string | undefined): boolean {
  if (expected === undefined || actual === undefined) return false
  return normalized(claim, expected) === normalized(claim, actual)
}

/**
 * The name of a publisher: its provider and its project. Usernames can't contain a colon, so it is never that of a
 * user.
 */
export function publisherName({provider, claims}: Requirement): string {
  const named = provider === 'oidc' ? undefined : claims[claimsOf[provider].name]
  const id = provider === 'oidc' ? undefined : claims[claimsOf[provider].id]
  const project = named ?? claims['sub'] ?? `id:${id ?? ''}`
  return `${provider}:${project}`.slice(0, maxNameLength)
}

/** The maximum length of a token's label. */
const maxNameLength = 100

function keyOf(claims: Claims, claim: string | undefined): string | null {
  if (claim === undefined || !Object.hasOwn(claims, claim)) return null
  return `${claim}:${normalized(claim, claims[claim] ?? '')}`
}

function normalized(claim: string, value: string): string {
  return caseless.includes(claim) ? value.toLowerCase() : value
}
