import {Command} from '@oclif/core/command'
import {boolean, string} from '@oclif/core/flags'

import type {CompletionKinds} from './completion/completion.js'
import {failure} from './errors/define-failures.js'
import {onSameRegistry} from './reporting/on-same-registry.js'
import {isBrokenPipe, isReported, reportError} from './reporting/report.js'
import {exitCodes, type ExitCode} from './errors/exit-codes.js'
import {issuesUrl} from './errors/issues-url.js'
import {errorReason} from './files/system-error.js'
import {globalFlags, type GlobalFlagName} from './global-flags.js'
import {kitVersion} from './kit-version.js'
import type {Ports} from './ports/ports.js'
import {processPorts} from './ports/process-ports.js'
import {paint} from './terminal/color.js'
import {forOutput, sentencesForOutput} from './terminal/for-output.js'
import {success} from './terminal/marks.js'
import {printableJson} from './terminal/printable.js'
import type {Output} from './terminal/screen.js'
import {statusLineOf} from './terminal/status-line.js'

type Block = 'note' | 'warning' | 'data' | 'error'

/**
 * The base class of every command, in apkg and in plugins.
 *
 * `run` parses, calls one function and returns `this.show(result, text)`. The result is the `--json` output, so it must be
 * an object: oclif prints nothing for a falsy value. Everything outside the process is reached through `ports`.
 */
export abstract class ApkgCommand<Result extends object> extends Command {
  static override readonly enableJsonFlag = true

  /** Every command accepts the global flags. The help of commands that don't use a registry hides those without effect. */
  static override readonly baseFlags = {
    json: boolean({summary: globalFlags.json.summary, helpGroup: 'GLOBAL'}),
    registry: string({summary: globalFlags.registry.summary, helpValue: '<URL>', hidden: true}),
    offline: boolean({summary: globalFlags.offline.summary, default: false, hidden: true}),
  } satisfies Record<GlobalFlagName, unknown>

  /** The kinds of values that its arguments and flags take, for completion. */
  static readonly completion?: CompletionKinds

  /** The version of the kit that the command was built with. Plugins have their own copy of the kit. */
  static readonly kitVersion: string = kitVersion

  /** Tests override this in a subclass. */
  static readonly ports: Ports = processPorts

  protected readonly ports: Ports = (this.constructor as typeof ApkgCommand).ports

  /** The registry that commands without `--registry` use, once that is known. Hints leave it out. */
  protected usualRegistry: string | undefined

  #shown = false

  /** What was printed last. Blocks are separated by a blank line. */
  #block: Block | undefined

  abstract override run(): Promise<Result>

  /**
   * Writes the result to stdout: the text, or the object under `--json`.
   *
   * @returns the result, once it is written, so that `run` can end with `return this.show(result, text)`
   * @throws {ApkgError} `OUTPUT_FAILED` if it can't be written. If the reader of a pipe has gone (`| head`), the command
   *   ends silently.
   */
  protected async show(result: Result, text: string): Promise<Result> {
    this.#shown = true
    const {stdout} = this.ports
    const output = this.jsonEnabled() ? printableJson(result) : forOutput(text, stdout)
    if (output === '') return result
    // On stderr, because stdout is for data.
    if (stdout.isTerminal)
      await this.ports.stderr.write(this.#gapBefore('data', this.ports.stderr)).catch(() => undefined)
    try {
      await stdout.write(output.endsWith('\n') ? output : `${output}\n`)
    } catch (error) {
      if (isBrokenPipe(error)) throw error
      throw failure('OUTPUT_FAILED', {reason: errorReason(error)}, {cause: error})
    }
    return result
  }

  /** Prints a message on stderr, also under `--json`. Commands in it that use a registry repeat `--registry`. */
  protected note(text: string): void {
    this.#print('note', text)
  }

  /** Prints that something succeeded on stderr, with a check mark on a terminal. */
  protected success(text: string): void {
    this.note(success(text))
  }

  /** Prints warnings on stderr, one per line. */
  protected warning(...texts: readonly string[]): void {
    for (const text of texts) this.#print('warning', `${paint(this.ports.stderr, 'yellow', 'Warning:')} ${text}`)
  }

  #print(block: Block, text: string): void {
    const {stderr} = this.ports
    const gap = this.#gapBefore(block, stderr)
    const shown = sentencesForOutput(this.#onSameRegistry(text), stderr)
    void statusLineOf(stderr)
      .print(`${gap}${shown}\n`)
      .catch(() => undefined)
  }

  /** An empty line for a terminal that shows another kind of block above this one. */
  #gapBefore(block: Block, output: Output): string {
    if (!output.isTerminal) return ''
    const before = this.#block
    this.#block = block
    return before === undefined || before === block ? '' : '\n'
  }

  /** Sets the exit code of a command that shows a result, for example if only part of the work succeeded. */
  protected endWith(code: ExitCode): void {
    this.ports.setExitCode(code)
  }

  /** oclif calls this with the result of `run`, which `show` may already have printed. */
  protected override logJson(json: unknown): void {
    if (this.#shown) return
    void this.show(json as Result, '').catch((error: unknown) => {
      this.ports.setExitCode(isBrokenPipe(error) ? exitCodes.done : exitCodes.failed)
    })
  }

  /**
   * Reports failures itself, because oclif uses different exit codes in text mode and under `--json`, and prints the
   * complete argv of a usage error under `--json`, with any secrets in it. The error is rethrown for callers of `run`.
   */
  protected override async catch(thrown: Error): Promise<never> {
    if (isReported(thrown)) throw thrown
    this.debug(thrown)
    const bugs = issuesUrl(this.config.plugins.get(this.ctor.plugin?.name ?? '')?.pjson)
    const command = this.ctor.hidden ? undefined : this.id?.replaceAll(':', ' ')
    const onSameRegistry = (hint: string) => this.#onSameRegistry(hint)
    const gap = this.#gapBefore('error', this.ports.stderr)
    const error = await reportError(thrown, this.ports, {json: this.jsonEnabled(), bugs, command, onSameRegistry, gap})
    this.ports.setExitCode(error.exitCode)
    throw error
  }

  #onSameRegistry(text: string): string {
    return onSameRegistry(text, this.argv, this.config, this.usualRegistry)
  }
}
