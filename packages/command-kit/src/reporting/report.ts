import {redactTokenValues} from '@apkg/wire'

import type {Ports} from '../ports/ports.js'
import {paint} from '../terminal/color.js'
import {printableJson, printableLines} from '../terminal/printable.js'
import {ApkgError, isApkgError, type ErrorReport} from '../errors/apkg-error.js'
import {failure} from '../errors/define-failures.js'
import {exitCodes} from '../errors/exit-codes.js'

const reported = Symbol.for('apkg.reported')

/** Whether an error has been shown to the user by `reportError`. */
export function isReported(error: unknown): boolean {
  return typeof error === 'object' && error !== null && reported in error
}

/**
 * Shows a failure once: as text on stderr, or as `{"error": …}` on stdout under `--json`. Both carry the same code,
 * message, suggestions and exit code, and neither carries a token's value.
 *
 * @param bugs where the owner of the command takes reports of unexpected errors.
 * @param command what was run, as it is typed behind `apkg`.
 */
export async function reportError(
  thrown: unknown,
  ports: Pick<Ports, 'stdout' | 'stderr'>,
  {json, bugs, command}: {json: boolean; bugs?: string | undefined; command?: string | undefined},
): Promise<ApkgError> {
  const error = await toApkgError(thrown, {bugs, command})
  Object.defineProperty(error, reported, {value: true})
  const report = safeReport(error, await meantBy(error))
  const inText = () => (isBrokenPipe(thrown) ? undefined : ports.stderr.write(reportText(report, ports)))
  try {
    if (json) await ports.stdout.write(printableJson({error: report})).catch(inText)
    else await inText()
  } catch {
    // Nobody is left to tell; the exit code still does.
  }
  return error
}

function safeReport(error: ApkgError, meant: string | undefined): ErrorReport {
  const clean = (text: string) => redactTokenValues(printableLines(withoutFraming(text)))
  const suggestions = [...(meant === undefined ? [] : [`did you mean \`${meant}\`?`]), ...error.suggestions]
  return {code: error.code, message: clean(error.message), suggestions: suggestions.map(clean)}
}

/** The word that was probably meant, where another one was typed. An older copy of the kit says nothing of words. */
async function meantBy({mistyped}: Partial<ApkgError>): Promise<string | undefined> {
  if (mistyped === undefined) return undefined
  const {nearestOf} = await import('./nearest.js')
  return nearestOf(mistyped.word, mistyped.known)
}

function reportText({code, message, suggestions}: ErrorReport, {stderr}: Pick<Ports, 'stderr'>): string {
  if (code === 'INTERRUPTED') return '\n'
  const lines = [`${paint(stderr, 'red', 'Error:')} ${message}`]
  for (const suggestion of suggestions) lines.push(`  ${paint(stderr, 'cyan', 'hint:')} ${suggestion}`)
  return `${lines.join('\n')}\n`
}

/** The reader of a pipe has gone, as with `| head`: not a failure that anybody needs to read about. */
export function isBrokenPipe(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EPIPE'
}

/** Whatever was thrown, as something with a code, an exit code and a safe report. */
async function toApkgError(
  thrown: unknown,
  {bugs, command}: {bugs: string | undefined; command: string | undefined},
): Promise<ApkgError> {
  if (isApkgError(thrown)) return thrown
  if (isBrokenPipe(thrown))
    return new ApkgError('OUTPUT_FAILED', {exit: exitCodes.done, message: 'the reader closed the pipe'})
  if (!(thrown instanceof Error)) return failure('UNEXPECTED', {message: String(thrown), bugs})
  if (thrown.name === 'ExitPromptError' || thrown.name === 'AbortPromptError') return failure('INTERRUPTED')
  const exit = oclifExit(thrown)
  if (exit === undefined) return failure('UNEXPECTED', {message: thrown.message, bugs})
  if (exit === exitCodes.usage) {
    const {usageError} = await import('./usage-error.js')
    return usageError(thrown, command)
  }
  return new ApkgError('FAILED', {exit, message: thrown.message}, {cause: thrown})
}

/** The exit code of oclif's own errors; undefined for errors that are not meant for users. */
function oclifExit(error: Error): number | undefined {
  if (!('oclif' in error) || typeof error.oclif !== 'object' || error.oclif === null) return undefined
  return 'exit' in error.oclif && typeof error.oclif.exit === 'number' ? error.oclif.exit : undefined
}

/** What oclif's parser puts round the message of an error from a flag's own check. */
function withoutFraming(message: string): string {
  return message.replace(/^Parsing (--\S+) \n\t/, '$1: ').replace(/\n+See more help with --help$/, '')
}
