import {failure, printable} from '@apkg/command-kit'

import {
  attestationPolicies,
  changePolicy,
  signaturePolicies,
  takedownPolicies,
  type AttestationPolicy,
  type Policies,
  type SignaturePolicy,
  type TakedownPolicy,
} from './trust-store.js'

/** The values of each policy, as they are given on the command line. */
export const policyValues = {
  signatures: signaturePolicies,
  attestations: attestationPolicies,
  takedowns: takedownPolicies,
  setupTransitive: ['true', 'false'],
} as const satisfies Record<keyof Policies, readonly string[]>

/** The policy that was set. */
export interface PolicySetting {
  policy: 'signatures' | 'attestations' | 'takedowns' | 'setupTransitive'
  /**
   * `off`, `warn` or `require` for `signatures`, `off` or `require` for `attestations`, `check` or `require` for
   * `takedowns`, a boolean for `setupTransitive`.
   */
  value: SignaturePolicy | AttestationPolicy | TakedownPolicy | boolean
}

/**
 * Sets a policy from the arguments of `apkg trust set`.
 *
 * @param policy a key of `policyValues`.
 * @throws {ApkgError} `USAGE` for an invalid value; the errors of reading and writing `~/.apkg`.
 */
export async function setPolicy(home: string, policy: string, text: string): Promise<PolicySetting> {
  switch (policy) {
    case 'signatures':
      return set(home, {policy, value: parseOption(policyValues.signatures, policy, text)})
    case 'attestations':
      return set(home, {policy, value: parseOption(policyValues.attestations, policy, text)})
    case 'takedowns':
      return set(home, {policy, value: parseOption(policyValues.takedowns, policy, text)})
    default: {
      const value = parseOption(policyValues.setupTransitive, policy, text) === 'true'
      return set(home, {policy: 'setupTransitive', value})
    }
  }
}

async function set(home: string, setting: PolicySetting): Promise<PolicySetting> {
  await changePolicy(home, {[setting.policy]: setting.value})
  return setting
}

function parseOption<Value extends string>(values: readonly Value[], policy: string, text: string): Value {
  const value = values.find((each) => each === text)
  if (value !== undefined) return value
  const message = `\`${printable(text)}\` is not a valid value for ${policy}`
  const mistyped = {word: text, known: values}
  throw failure('USAGE', {message, mistyped, suggestions: [`use one of: ${values.join(', ')}`]})
}
