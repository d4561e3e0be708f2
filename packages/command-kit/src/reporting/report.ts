import {redactTokenValues} from '@apkg/wire'

import {refusalWithin} from '../client/registry-refusal.js'
import {withoutUserinfo} from '../registry/shown-url.js'
import type {Ports} from '../ports/ports.js'
import {paint} from '../terminal/color.js'
import {sentencesForOutput} from '../terminal/for-output.js'
import {printable, printableJson, printableLines} from '../terminal/printable.js'
import type {Output} from '../terminal/screen.js'
import {type ApkgError, isApkgError, type ErrorReport} from '../errors/apkg-error.js'
import {failure} from '../errors/define-failures.js'
import {exitCodes} from '../errors/exit-codes.js'
import {isFlagError, withoutFraming} from './parser-framing.js'

const reported = Symbol.for('apkg.reported')

/** Whether an error has been shown to the user by `reportError`. */
export function isReported(error: unknown): boolean {
  return typeof error === 'object' && error !== null && reported in error
}

/**
 * Shows a failure once: as text on stderr, or as `{"error": …}` on stdout under `--json`. Token values and the userinfo of
 * URLs are removed from both.
 *
 * @param bugs where to report unexpected errors of this command.
 * @param command the command as typed after `apkg`.
 * @param onSameRegistry makes the commands in a hint use the registry that was given.
 * @param gap precedes the text.
 */
export async function reportError(
  thrown: unknown,
  ports: Pick<Ports, 'stdout' | 'stderr'>,
  {
    json,
    bugs,
    command,
    onSameRegistry = (hint) => hint,
    gap = '',
  }: {
    json: boolean
    bugs?: string | undefined
    command?: string | undefined
    onSameRegistry?: (hint: string) => string
    gap?: string
  },
): Promise<ApkgError> {
  const error = await toApkgError(thrown, bugs)
  Object.defineProperty(error, reported, {value: true})
  const report = safeReport(error, [...(await nearestWord(error)), ...hintsOf(error, command).map(onSameRegistry)])
  const writeText = () =>
    isBrokenPipe(thrown) ? undefined : ports.stderr.write(gap + reportText(report, ports.stderr))
  try {
    if (json) await ports.stdout.write(printableJson({error: report})).catch(writeText)
    else await writeText()
  } catch {
    // Both outputs are closed, so only the exit code remains.
  }
  return error
}

function safeReport(error: ApkgError, suggestions: readonly string[]): ErrorReport {
  const clean = (text: string) => withoutUserinfo(redactTokenValues(printableLines(withoutFraming(text))))
  const {code, status, requestId} = refusalWithin(error) ?? {}
  return {
    code: error.code,
    message: clean(error.message),
    // A hint is one line, so a line break in quoted text can't start another one.
    suggestions: suggestions.map((each) => printable(clean(each))),
    ...(code !== undefined && {reason: clean(code)}),
    ...(status !== undefined && {status}),
    ...(requestId !== undefined && {requestId: clean(requestId)}),
  }
}

/** A hint with the known word closest to a mistyped one. Errors of an older copy of the kit have no `mistyped`. */
async function nearestWord({mistyped}: Partial<ApkgError>): Promise<string[]> {
  if (mistyped === undefined) return []
  const {nearestOf} = await import('./nearest-word.js')
  const nearest = await nearestOf(mistyped.word, mistyped.known)
  return nearest === undefined ? [] : [`did you mean \`${nearest}\`?`]
}

/** The hints of an error. A usage error without any refers to the help of its command. */
function hintsOf({code, suggestions}: ApkgError, command: string | undefined): string[] {
  if (suggestions.length > 0 || code !== 'USAGE') return suggestions
  return [`see \`apkg help${command === undefined ? '' : ` ${command}`}\``]
}

function reportText({code, message, suggestions}: ErrorReport, stderr: Output): string {
  if (code === 'INTERRUPTED') return '\n'
  const lines = [`${paint(stderr, 'red', 'Error:')} ${message}`]
  for (const suggestion of suggestions) lines.push(`  ${paint(stderr, 'dim', 'hint:')} ${suggestion}`)
  return `${sentencesForOutput(lines.join('\n'), stderr)}\n`
}

/** Whether the reader of a pipe has gone, as with `| head`. That's not worth a message. */
export function isBrokenPipe(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EPIPE'
}

/** Turns anything thrown into an error with a code and an exit code. */
async function toApkgError(thrown: unknown, bugs: string | undefined): Promise<ApkgError> {
  if (isApkgError(thrown)) return thrown
  if (isBrokenPipe(thrown))
    return failure('OUTPUT_FAILED', {reason: 'the reader closed the pipe', exit: exitCodes.done})
  if (!(thrown instanceof Error)) return failure('UNEXPECTED', {message: String(thrown), bugs})
  if (thrown.name === 'ExitPromptError' || thrown.name === 'AbortPromptError') return failure('INTERRUPTED')
  const exit = isFlagError(thrown) ? exitCodes.usage : oclifExit(thrown)
  if (exit === undefined) return failure('UNEXPECTED', {message: thrown.message, bugs})
  if (exit === exitCodes.usage) {
    const {usageError} = await import('./usage-error.js')
    return usageError(thrown)
  }
  return failure('FAILED', {message: thrown.message, exit}, {cause: thrown})
}

/** The exit code of an error that oclif raised for the user; undefined for other errors. */
function oclifExit(error: Error): number | undefined {
  if (!('oclif' in error) || typeof error.oclif !== 'object' || error.oclif === null) return undefined
  return 'exit' in error.oclif && typeof error.oclif.exit === 'number' ? error.oclif.exit : undefined
}
