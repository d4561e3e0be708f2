import type {UnsendableToken} from '../errors/shared-failures.js'

/** In this order, because a value can match several. */
const patterns: readonly (readonly [UnsendableToken, RegExp])[] = [
  ['assigned', /^(?:export\s+)?APKG_TOKEN\w*\s*=/i],
  ['quoted', /^["'`\u2018-\u201F]|["'`\u2018-\u201F]$/],
  // The forms of POSIX shells, GitHub Actions, Jinja and cmd.exe.
  ['unexpanded', /^\$\{.*\}$|^\$\(.*\)$|^\$\w+$|^\{\{.*\}\}$|^%\w+%$/s],
  ['placeholder', /^[*\u2022]+$|^\[\s*(?:masked|redacted|secret)\s*\]$|^<.*>$/is],
  ['literal', /^(?:undefined|null|none|nil|false|true)$/i],
  ['scheme', /^(?:authorization:\s*)?(?:bearer|token|basic)\s/i],
  ['line-break', /[\r\n]/],
  ['character', /[^\x21-\x7E]|^$/],
]

/** Returns what a text is that was given as a token. Undefined for anything that could be a token of some registry. */
export function tokenProblem(value: string): UnsendableToken | undefined {
  return patterns.find(([, pattern]) => pattern.test(value))?.[0]
}
