import {hasIdToken, trustedPublishing} from '../credentials/id-token-variables.js'
import type {CredentialSource} from '../credentials/source.js'

/**
 * Trusted publishing: an ID token of a CI job, exchanged for a token that the registry issues for this job.
 *
 * @param packageOf the package to publish, because a project can have several publishers; undefined if there is none
 */
export function trustedPublishingSource(packageOf: () => Promise<string | undefined>): CredentialSource {
  return {
    name: trustedPublishing,
    isAvailable: ({env}) => hasIdToken(env),
    async find(query) {
      const {requests} = query
      if (!requests || !hasIdToken(query.env)) return undefined
      const [{JobCredentials}, packageName] = await Promise.all([import('./job-credentials.js'), packageOf()])
      return JobCredentials.of(query, requests, packageName)?.find()
    },
  }
}
