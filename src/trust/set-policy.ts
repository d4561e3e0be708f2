import {failure, printable} from '@apkg/command-kit'

import {changePolicy, signaturePolicies, type SignaturePolicy} from './trust.js'

/** The policy that was set. */
export interface PolicySetting {
  policy: 'signatures' | 'setupTransitive'
  /** `off`, `warn` or `require` for `signatures`, a boolean for `setupTransitive`. */
  value: SignaturePolicy | boolean
}

/**
 * Sets a policy from the arguments of `apkg trust set`.
 *
 * @throws {ApkgError} `USAGE` for an invalid value; the errors of reading and writing `~/.apkg`.
 */
export async function setPolicy(home: string, policy: string, text: string): Promise<PolicySetting> {
  if (policy === 'signatures') {
    const value = parseOption(signaturePolicies, policy, text)
    await changePolicy(home, {signatures: value})
    return {policy, value}
  }
  const value = parseOption(['true', 'false'] as const, policy, text) === 'true'
  await changePolicy(home, {setupTransitive: value})
  return {policy: 'setupTransitive', value}
}

function parseOption<Value extends string>(values: readonly Value[], policy: string, text: string): Value {
  const value = values.find((each) => each === text)
  if (value !== undefined) return value
  const message = `\`${printable(text)}\` is not a valid value for ${policy}`
  throw failure('USAGE', {message, suggestions: [`use one of: ${values.join(', ')}`]})
}
