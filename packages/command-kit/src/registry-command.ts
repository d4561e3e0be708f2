import {Flags} from '@oclif/core'

import {ApkgCommand} from './apkg-command.js'
import {gotTransport} from './client/got-transport.js'
import type {CredentialExpiry} from './client/credential-expiry.js'
import {RegistryClient} from './client/registry-client.js'
import {selectedObservers} from './client/request-observer.js'
import {readConfig} from './config/config-file.js'
import {resolveCredential, shadowedSources, type ShadowedSource} from './credentials/resolve-credential.js'
import {selectedSources, type AuthPolicy} from './credentials/selection.js'
import type {CredentialQuery} from './credentials/source.js'
import {hasCode, type ApkgError} from './errors/apkg-error.js'
import {failure} from './errors/define-failures.js'
import {globalFlags} from './global-flags.js'
import {resolveRegistryTarget, type RegistryTarget} from './registry/registry-target.js'
import {refusalHints} from './reporting/refusal-hints.js'
import {printable} from './terminal/printable.js'
import {spinnerWhileWaiting} from './terminal/spinner.js'

/** The flags that select the registry. */
export interface RegistryFlags {
  registry?: string | undefined
  offline: boolean
}

/** A client with a credential, and the other credentials that it takes precedence over. */
export interface Connection {
  client: RegistryClient
  target: RegistryTarget
  /** Returns the other sources that have a credential for this registry. */
  shadowed: () => Promise<ShadowedSource[]>
}

/**
 * The base class of commands that use a registry, in apkg and in plugins. `connect` returns a client that is already
 * authenticated. Commands never see the credential.
 */
export abstract class RegistryCommand<Result extends object> extends ApkgCommand<Result> {
  static override readonly baseFlags = {
    ...ApkgCommand.baseFlags,
    registry: Flags.string({summary: globalFlags.registry.summary, helpValue: '<URL>', helpGroup: 'GLOBAL'}),
    offline: Flags.boolean({
      summary: globalFlags.offline.summary,
      env: 'APKG_OFFLINE',
      default: false,
      helpGroup: 'GLOBAL',
    }),
  }

  /** Whether it warns, in the end, that the API token it used expires soon. */
  static readonly warnsOfExpiry: boolean = true

  #expiry: CredentialExpiry | undefined
  readonly #finalWarnings: string[] = []

  /** `required`: fail without a credential. `optional`: use one if there is one. `none`: don't look for one. */
  static readonly auth: AuthPolicy = 'required'

  /**
   * Creates a client for the registry that the flags, the environment or the configuration select.
   *
   * @param auth whether this call needs a credential, if that differs from the command
   * @throws {ApkgError} `AUTH_REQUIRED` if a credential is required and no source has one; `SOURCES_UNSELECTED` if the
   *   command wasn't started by apkg; errors of the sources and of the configuration are passed on
   */
  protected async connect(
    flags: RegistryFlags,
    auth: AuthPolicy = (this.constructor as typeof RegistryCommand).auth,
  ): Promise<Connection> {
    const target = await this.#target(flags)
    if (auth === 'none') return this.#connection(target, flags, undefined, () => Promise.resolve([]))
    const sources = selectedSources(this.constructor)
    if (!sources) throw failure('SOURCES_UNSELECTED')
    const query: CredentialQuery = {
      registry: target.registry,
      env: this.ports.env,
      home: this.ports.home,
      note: (text) => {
        this.note(printable(text))
      },
    }
    const silent: CredentialQuery = {...query, note: () => undefined}
    const credential = flags.offline ? undefined : await resolveCredential(sources, query)
    if (!credential && auth === 'required' && !flags.offline) {
      throw failure('AUTH_REQUIRED', {registry: target.registry})
    }
    this.debug('credential from %s', credential?.source ?? 'nowhere')
    return this.#connection(target, flags, credential, () => shadowedSources(sources, silent))
  }

  /** If the flag or the environment selects the registry, an unreadable configuration causes only a warning. */
  async #target({registry}: RegistryFlags): Promise<RegistryTarget> {
    const {env, home} = this.ports
    try {
      return resolveRegistryTarget(registry, env, await readConfig(home))
    } catch (error) {
      const isSelected = registry !== undefined || env['APKG_REGISTRY'] !== undefined
      if (!isSelected || !isConfigError(error)) throw error
      this.warning(`${error.message}. Its settings are not used.`)
      return resolveRegistryTarget(registry, env, {})
    }
  }

  #connection(
    target: RegistryTarget,
    {offline}: RegistryFlags,
    credential: Awaited<ReturnType<typeof resolveCredential>>,
    shadowed: () => Promise<ShadowedSource[]>,
  ): Connection {
    const {env, interrupted, stderr} = this.ports
    const client = new RegistryClient({
      target,
      credential,
      transport: gotTransport(env, selectedObservers(this.constructor)),
      interrupted,
      userAgent: `apkg-cli/${this.config.version} ${this.config.platform}-${this.config.arch}`,
      offline,
      onExpiry: (expiry) => (this.#expiry = expiry),
      hintsFor: (refusal, source) => refusalHints(refusal, source, shadowed),
      whileWaiting: spinnerWhileWaiting(stderr),
    })
    return {client, target, shadowed}
  }

  /** Prints warnings after everything else, as annotations in GitHub Actions. */
  protected warnInTheEnd(...texts: readonly string[]): void {
    this.#finalWarnings.push(...texts)
  }

  protected override async finally(error: Error | undefined): Promise<unknown> {
    const {warnsOfExpiry} = this.constructor as typeof RegistryCommand
    if (this.#expiry && warnsOfExpiry && !this.ports.interrupted.aborted) await this.#warnOfExpiry(this.#expiry)
    if (this.#finalWarnings.length > 0) await this.#printFinalWarnings()
    return super.finally(error)
  }

  async #warnOfExpiry(expiry: CredentialExpiry): Promise<void> {
    const {expiryWarnings, settingWarnings} = await import('./reporting/expiry-warning.js')
    const {env, now} = this.ports
    this.warnInTheEnd(...expiryWarnings(expiry, {env, now: now()}), ...settingWarnings(env))
  }

  async #printFinalWarnings(): Promise<void> {
    if (this.ports.env['GITHUB_ACTIONS'] !== 'true') {
      this.warning(...this.#finalWarnings)
      return
    }
    const {annotation} = await import('./reporting/expiry-warning.js')
    for (const text of this.#finalWarnings) this.note(annotation(text))
  }
}

function isConfigError(error: unknown): error is ApkgError {
  return (['FILE_UNREADABLE', 'FILE_DAMAGED', 'HOME_UNUSABLE'] as const).some((code) => hasCode(error, code))
}
