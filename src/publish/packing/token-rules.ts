import type {SecretLintRuleContext, SecretLintRuleReportHandler} from '@secretlint/types'

import type {SecretFinding} from './secret-scan.js'

/**
 * Rules of secretlint that are not used: those for private keys, which `SecretScan` finds in more forms, and those that
 * report what isn't a token and is usually an example, such as a password in a URL. Comments that exempt a line are
 * handled in `findTokens`.
 */
const unusedRules = new Set(
  ['privatekey', 'basicauth', 'database-connection-string', 'filter-comments'].map(
    (name) => `@secretlint/secretlint-rule-${name}`,
  ),
)

const unusedMessages = new Set(['AWSAccountID'])

/** Formats that secretlint doesn't know, and where they are described. */
const ownFormats: readonly {kind: string; pattern: RegExp}[] = [
  // https://cloud.google.com/docs/authentication/api-keys, and `gcp-api-key` of gitleaks
  {kind: 'Google API key', pattern: /\bAIza[\w-]{35}(?![\w-])/g},
  // https://docs.pypi.org/project-management/secret-reporting/, and `pypi-upload-token` of gitleaks
  {kind: 'PyPI API token', pattern: /pypi-AgEIcHlwaS5vcmc[\w-]{50,1000}/g},
  // https://age-encryption.org/v1, and `age-secret-key` of gitleaks
  {kind: 'age secret key', pattern: /AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}/g},
  // `perplexity-api-key` of gitleaks
  {kind: 'Perplexity API key', pattern: /\bpplx-[A-Za-z0-9]{48}\b/g},
]

/** Comments of secretlint and gitleaks that declare a line free of secrets. */
const exemption = /\bsecretlint-disable-line\b|\bgitleaks:allow\b/

interface Report {
  kind: string
  start: number
  end: number
}

/**
 * Finds tokens of other services by their formats, with the rules of secretlint. Placeholders, such as `ghp_xxxxxxxx…`,
 * aren't reported.
 *
 * @param file the path that is scanned. Some rules apply to some files only.
 * @param text one character per byte.
 */
export async function findTokens(file: string, text: string): Promise<SecretFinding[]> {
  const reports = [...ownReports(text), ...(await reportsOfSecretlint(file, text))]
  return reports.flatMap(({kind, start, end}) => {
    if (isPlaceholder(text.slice(start, end))) return []
    const lineStart = text.lastIndexOf('\n', start - 1) + 1
    const [line = ''] = text.slice(lineStart, lineStart + maxLine).split('\n', 1)
    return exemption.test(line) ? [] : [{line: text.slice(0, lineStart).split('\n').length, kind}]
  })
}

/** Characters of a line in which an exemption is looked for. */
const maxLine = 10_000

async function reportsOfSecretlint(file: string, text: string): Promise<Report[]> {
  const {rules} = await import('@secretlint/secretlint-rule-preset-recommend')
  const reports: Report[] = []
  const source = sourceOf(file, text)
  const context: SecretLintRuleContext = {
    sharedOptions: {},
    createTranslator: (messages) => (messageId, data) => ({
      message: messages[messageId]?.en(data) ?? '',
      messageId: String(messageId),
      data,
    }),
    report({message: {message, messageId}, range: [start, end]}) {
      if (!unusedMessages.has(messageId)) reports.push({kind: kindIn(message), start, end})
    },
    ignore: () => undefined,
  }
  for (const rule of rules) {
    if (!unusedRules.has(rule.meta.id)) await rule.create(context, {}).file?.(source)
  }
  return reports
}

/** The kind in `found GitHub Token(…): <the token>`. */
function kindIn(message: string): string {
  return /^found ([^:(]+)/.exec(message)?.[1]?.trim() ?? 'a token'
}

function sourceOf(file: string, content: string) {
  const name = file.split('/').at(-1) ?? ''
  const ext = /.(\.[^.]*)$/.exec(name)?.[1] ?? ''
  return {content, filePath: file, ext, contentType: 'text'} as Parameters<
    NonNullable<SecretLintRuleReportHandler['file']>
  >[0]
}

function ownReports(text: string): Report[] {
  return ownFormats.flatMap(({kind, pattern}) =>
    [...text.matchAll(pattern)].map(({index, 0: value}) => ({kind, start: index, end: index + value.length})),
  )
}

/** Characters in a row that are equal or in alphabetical order. A random token has no such run. */
const maxRun = 8

function isPlaceholder(value: string): boolean {
  if (/EXAMPLE/i.test(value)) return true
  const codes = [...value].map((character) => character.charCodeAt(0))
  for (const step of [0, 1]) {
    let run = 1
    for (const [position, code] of codes.entries()) {
      run = position > 0 && code - (codes[position - 1] ?? 0) === step ? run + 1 : 1
      if (run >= maxRun) return true
    }
  }
  return false
}
