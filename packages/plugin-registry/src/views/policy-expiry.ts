import {timesOn, type Ports} from '@apkg/command-kit'

/** Says when a token expires if the policy of the registry decided that. */
export function policyExpiry(expiresAt: string, {stderr, now}: Pick<Ports, 'stderr' | 'now'>): string {
  const time = timesOn(stderr, now())(expiresAt)
  return `It expires ${stderr.isTerminal ? time : `at ${time}`}, because of this registry's policy. Use --expires to choose another lifetime.`
}
