/** The CI systems that a trusted publisher's jobs can run on. `oidc` is any other issuer of ID tokens. */
export const publisherProviders = ['github', 'gitlab', 'oidc'] as const

export type PublisherProvider = (typeof publisherProviders)[number]

/** The issuers of github.com and gitlab.com. Every registry that offers trusted publishing accepts them. */
export const providerIssuers = {
  github: 'https://token.actions.githubusercontent.com',
  gitlab: 'https://gitlab.com',
} as const

/** The events that can start a publishing GitHub Actions workflow, unless the trusted publisher lists others. */
export const defaultPublisherEvents = ['push', 'release', 'workflow_dispatch', 'schedule'] as const

/** Whether an event can run code of someone who can't push to the repository. No trusted publisher can list it. */
export function isEventRefused(event: string): boolean {
  return event.startsWith('pull_request') || event === 'workflow_run'
}

/** The maximum number of claims that a trusted publisher requires. */
export const maxPublisherClaims = 20

/** The longest value of a claim, in characters. */
export const maxClaimLength = 1024

/** The longest ID token, in characters. */
export const maxIdTokenLength = 16_384

/** The CI job that published a version, as the registry read it from the verified claims of its ID token. */
export interface VerifiedOrigin {
  provider: string
  issuer: string
  /** The claim `sub`. */
  subject: string
  /** `acme/tool` on GitHub, `group/project` on GitLab. */
  repository?: string | null | undefined
  /** The numeric ID of the repository, which doesn't change when the repository is renamed. */
  repositoryId?: string | null | undefined
  commit?: string | null | undefined
  ref?: string | null | undefined
  /** The workflow or pipeline file, with its repository and ref. */
  workflow?: string | null | undefined
  /** The URL of the run. */
  run?: string | null | undefined
  environment?: string | null | undefined
}
