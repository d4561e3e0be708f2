import {isMap, parseDocument} from 'yaml'

import {textOf, type PackageFile} from './package-files.js'

/** Relative to a skill's directory. */
export const openAiPolicyFile = 'agents/openai.yaml'

/**
 * Codex's settings of a skill that its model must not start by itself.
 *
 * @param own the skill's own file, whose other settings are kept.
 * @returns undefined if the own file can't be read. Codex would ignore the policy.
 * @see https://developers.openai.com/codex/skills, 2026-07-15
 */
export function openAiPolicy(own: PackageFile | undefined): string | undefined {
  const document = parseDocument(own ? textOf(own) : '', {logLevel: 'silent'})
  if (document.errors.length > 0 || (document.contents !== null && !isMap(document.contents))) return undefined
  const policy: unknown = document.get('policy')
  if (policy !== undefined && policy !== null && !isMap(policy)) return undefined
  if (policy === null) document.delete('policy')
  document.setIn(['policy', 'allow_implicit_invocation'], false)
  return document.toString()
}
