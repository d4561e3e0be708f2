import {createChallengeValue, createId, hashSecret} from './credential-values.js'

const hour = 3_600_000

/** How long a link works, in milliseconds. */
const lifetimes = {invite: 72 * hour, reset: 24 * hour}

/** Creates a link. Its code is in the fragment, which browsers don't send. @param registry without a trailing slash */
export function newInvitation(kind: keyof typeof lifetimes, registry: string, now: number) {
  const code = createChallengeValue()
  return {
    url: `${registry}/-/invite#${code}`,
    stored: {id: createId(), codeHash: hashSecret(code), expiresAt: now + lifetimes[kind]},
  }
}
