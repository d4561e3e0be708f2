/** What is wrong with a text that was given as a token, and how to fix it. Neither contains the text. */
export interface TokenProblem {
  /** Completes "The token from APKG_TOKEN …". */
  problem: string
  /** An imperative step. */
  step: string
}

const copyTokenAgain = 'copy the token again, or create a new one with `apkg token create`'

/** In this order, because a value can match several. */
const problems: readonly (TokenProblem & {pattern: RegExp})[] = [
  {
    pattern: /^(?:export\s+)?APKG_TOKEN\s*=/i,
    problem: 'contains the name of a variable',
    step: 'remove `APKG_TOKEN=` from the value',
  },
  {
    pattern: /^["'`\u2018-\u201F]|["'`\u2018-\u201F]$/,
    problem: 'is in quotation marks',
    step: 'remove the quotation marks, which `docker run --env-file` and many settings pages keep',
  },
  {
    // The forms of POSIX shells, GitHub Actions, Jinja and cmd.exe.
    pattern: /^\$\{.*\}$|^\$\(.*\)$|^\$\w+$|^\{\{.*\}\}$|^%\w+%$/s,
    problem: 'is a reference to a variable that was not expanded',
    step: 'set it where variables are expanded, such as in a shell, or set it to the token itself',
  },
  {
    pattern: /^[*\u2022]+$|^\[\s*(?:masked|redacted|secret)\s*\]$|^<.*>$/is,
    problem: 'is a placeholder or a masked value',
    step: 'copy the token from where it was created, not from a log or a settings page',
  },
  {
    pattern: /^(?:undefined|null|none|nil|false|true)$/i,
    problem: 'is a literal such as `undefined` or `null`, not a token',
    step: 'check that the secret is defined where the variable is set',
  },
  {
    pattern: /^(?:authorization:\s*)?(?:bearer|token|basic)\s/i,
    problem: 'starts with the name of an authentication scheme',
    step: 'remove the scheme; apkg adds `Bearer` itself',
  },
  {
    pattern: /[\r\n]/,
    problem: 'contains a line break',
    step: copyTokenAgain,
  },
  {
    pattern: /[^\x21-\x7E]|^$/,
    problem: 'contains whitespace or other invalid characters',
    step: copyTokenAgain,
  },
]

/** @returns undefined for anything that could be a token of some registry */
export function tokenProblem(value: string): TokenProblem | undefined {
  const found = problems.find(({pattern}) => pattern.test(value))
  return found && {problem: found.problem, step: found.step}
}
