import {Command} from '@oclif/core/command'
import {boolean, string} from '@oclif/core/flags'

import type {CompletionKinds} from './completion/completion.js'
import {failure} from './errors/define-failures.js'
import {isBrokenPipe, isReported, reportError} from './reporting/report.js'
import {exitCodes, type ExitCode} from './errors/exit-codes.js'
import {issuesUrl} from './errors/issues-url.js'
import {reasonOf} from './files/system-error.js'
import {globalFlags, type GlobalFlagName} from './global-flags.js'
import {kitVersion} from './kit-version.js'
import type {Ports} from './ports/ports.js'
import {processPorts} from './ports/process-ports.js'
import {paint} from './terminal/color.js'
import {printableJson} from './terminal/printable.js'
import {statusLineOf} from './terminal/status-line.js'

/**
 * The base of every apkg command, ours or a plugin's.
 *
 * `run` parses, calls one function and returns `this.show(result, text)`. The result is the `--json` output, so it is an
 * object: oclif prints nothing for a falsy one. Everything outside the process is reached through `ports`.
 */
export abstract class ApkgCommand<Result extends object> extends Command {
  static override readonly enableJsonFlag = true

  /**
   * The global flags. Scripts can pass them to every command; the help of a command that uses no registry hides those that
   * have no effect on it.
   */
  static override readonly baseFlags = {
    json: boolean({summary: globalFlags.json.summary, helpGroup: 'GLOBAL'}),
    registry: string({summary: globalFlags.registry.summary, helpValue: '<URL>', hidden: true}),
    offline: boolean({summary: globalFlags.offline.summary, default: false, hidden: true}),
  } satisfies Record<GlobalFlagName, unknown>

  /** What the values of its arguments and flags are, for completion. */
  static readonly completion?: CompletionKinds

  /** What the command is built on: a plugin has its own copy of the kit, perhaps of another version. */
  static readonly kitVersion: string = kitVersion

  /** Replaced by tests, in a subclass. */
  static readonly ports: Ports = processPorts

  protected readonly ports: Ports = (this.constructor as typeof ApkgCommand).ports

  #shown = false

  abstract override run(): Promise<Result>

  /**
   * Writes the result to stdout: the text, or the object under `--json`. Resolves to the result once it is written, so
   * that `run` can end with `return this.show(result, text)`.
   *
   * @throws {ApkgError} `OUTPUT_FAILED` when it cannot be written. A reader that has gone (`| head`) ends the command
   *   without a word.
   */
  protected async show(result: Result, text: string): Promise<Result> {
    this.#shown = true
    const output = this.jsonEnabled() ? printableJson(result) : text
    if (output === '') return result
    try {
      await this.ports.stdout.write(output.endsWith('\n') ? output : `${output}\n`)
    } catch (error) {
      if (isBrokenPipe(error)) throw error
      throw failure('OUTPUT_FAILED', {reason: reasonOf(error)}, {cause: error})
    }
    return result
  }

  /** Talk, on stderr; under `--json` too, which is about stdout only. */
  protected note(text: string): void {
    void statusLineOf(this.ports.stderr)
      .print(`${text}\n`)
      .catch(() => undefined)
  }

  /** Prints warnings on stderr, a line each. */
  protected warning(...texts: readonly string[]): void {
    for (const text of texts) this.note(`${paint(this.ports.stderr, 'yellow', 'Warning:')} ${text}`)
  }

  /** Ends with this code though the result was shown, as when only some of it could be done. */
  protected endWith(code: ExitCode): void {
    this.ports.setExitCode(code)
  }

  /** oclif calls this with what `run` returned; a command that has shown it already shows it once. */
  protected override logJson(json: unknown): void {
    if (this.#shown) return
    void this.show(json as Result, '').catch((error: unknown) => {
      this.ports.setExitCode(isBrokenPipe(error) ? exitCodes.done : exitCodes.failed)
    })
  }

  /**
   * oclif takes the exit code from one field in text mode and from another under `--json`, prints a usage error's whole
   * argv under `--json`, and loses the message of errors that carry none. So failures are reported here, once, and
   * thrown on for the callers of `run`.
   */
  protected override async catch(thrown: Error): Promise<never> {
    if (isReported(thrown)) throw thrown
    this.debug(thrown)
    const bugs = issuesUrl(this.config.plugins.get(this.ctor.plugin?.name ?? '')?.pjson)
    const command = this.ctor.hidden ? undefined : this.id?.replaceAll(':', ' ')
    const error = await reportError(thrown, this.ports, {json: this.jsonEnabled(), bugs, command})
    this.ports.setExitCode(error.exitCode)
    throw error
  }
}
