import {failure, printable} from '@apkg/command-kit'

import {changePolicy, signaturePolicies, type SignaturePolicy} from './trust.js'

/** The policy that was set. */
export interface PolicySetting {
  policy: 'signatures' | 'setupTransitive'
  /** `off`, `warn` or `require` for `signatures`, a boolean for `setupTransitive`. */
  value: SignaturePolicy | boolean
}

/**
 * Sets a policy as it is named on a command line.
 *
 * @throws {ApkgError} `USAGE` for a value that the policy does not have; what reading and writing `~/.apkg` throws.
 */
export async function setPolicy(home: string, policy: string, given: string): Promise<PolicySetting> {
  if (policy === 'signatures') {
    const value = oneOf(signaturePolicies, policy, given)
    await changePolicy(home, {signatures: value})
    return {policy, value}
  }
  const value = oneOf(['true', 'false'] as const, policy, given) === 'true'
  await changePolicy(home, {setupTransitive: value})
  return {policy: 'setupTransitive', value}
}

function oneOf<Value extends string>(values: readonly Value[], policy: string, given: string): Value {
  const found = values.find((each) => each === given)
  if (found !== undefined) return found
  const message = `${policy} is one of ${values.join(', ')}, and not \`${printable(given)}\``
  throw failure('USAGE', {message})
}
