import type {VerifiedOrigin} from '@apkg/wire/protocol'

/** A CI job, as the registry read it from the claims of a verified ID token. Missing claims are null. */
export interface JobSource {
  /** `github`, `gitlab` or `oidc`. */
  provider: string
  /** The issuer of the ID token, a URL. */
  issuer: string
  /** The claim `sub`. */
  subject: string
  /** The repository on GitHub, or the path of the project on GitLab. */
  repository: string | null
  /** The numeric ID of the repository or project, which doesn't change when it is renamed. */
  repositoryId: string | null
  /** The commit that the job ran for. */
  commit: string | null
  /** The branch or tag. */
  ref: string | null
  /** The workflow or pipeline file, with its repository and ref. */
  workflow: string | null
  /** URL of the run. */
  run: string | null
  /** The deployment environment. */
  environment: string | null
}

export function jobSourceFromWire(origin: VerifiedOrigin): JobSource {
  const {provider, issuer, subject} = origin
  return {
    provider,
    issuer,
    subject,
    repository: origin.repository ?? null,
    repositoryId: origin.repositoryId ?? null,
    commit: origin.commit ?? null,
    ref: origin.ref ?? null,
    workflow: origin.workflow ?? null,
    run: origin.run ?? null,
    environment: origin.environment ?? null,
  }
}
