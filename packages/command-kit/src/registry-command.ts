import {Flags} from '@oclif/core'

import {ApkgCommand} from './apkg-command.js'
import {gotTransport} from './client/got-transport.js'
import type {CredentialExpiry} from './client/credential-expiry.js'
import {type ClientOptions, RegistryClient} from './client/registry-client.js'
import {selectedObservers} from './client/request-observer.js'
import {readConfig} from './config/config-file.js'
import {hasIdToken} from './credentials/id-token-variables.js'
import {
  resolveCredential,
  shadowedSources,
  type ResolvedCredential,
  type ShadowedSource,
} from './credentials/resolve-credential.js'
import {selectedSources, type AuthPolicy} from './credentials/selection.js'
import type {CredentialQuery, CredentialSource} from './credentials/source.js'
import {tokenVariableFor} from './credentials/token-variable.js'
import {hasCode, type ApkgError} from './errors/apkg-error.js'
import {failure} from './errors/define-failures.js'
import {globalFlags} from './global-flags.js'
import {resolveRegistryTarget, usualRegistry, type RegistryTarget} from './registry/registry-target.js'
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

  /** Whether it ends with a warning if the API token it used expires soon. */
  static readonly warnsOfExpiry: boolean = true

  #expiry: CredentialExpiry | undefined
  #hasWarnedOfConfig = false
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
    return this.#connectTo(await this.#target(flags), flags, {auth, isRouted: false})
  }

  /**
   * Creates a client for a registry that takes precedence over the selected one, because the user routes a scope to it.
   * Unless it is the selected one, a token that isn't bound to it, such as `APKG_TOKEN`, isn't used.
   *
   * @param registry canonical URL
   * @throws {ApkgError} as `connect` does
   */
  protected async connectTo(
    registry: string,
    flags: RegistryFlags,
    auth: AuthPolicy = (this.constructor as typeof RegistryCommand).auth,
  ): Promise<Connection> {
    const isRouted = (await this.#target(flags)).registry !== registry
    return this.#connectTo(await this.#target({...flags, registry}), flags, {auth, isRouted})
  }

  async #connectTo(
    target: RegistryTarget,
    flags: RegistryFlags,
    {auth, isRouted}: {auth: AuthPolicy; isRouted: boolean},
  ): Promise<Connection> {
    const query: CredentialQuery = {
      registry: target.registry,
      isRouted,
      env: this.ports.env,
      home: this.ports.home,
      note: (text) => {
        this.note(printable(text))
      },
    }
    const nothing: ResolvedCredential = {credential: undefined, rest: []}
    if (auth === 'none') return this.#connection(target, flags, nothing, query)
    const sources = selectedSources(this.constructor)
    if (!sources) throw failure('SOURCES_UNSELECTED')
    if (flags.offline) return this.#connection(target, flags, nothing, query)
    const asking = await this.#withRequests(query, target, sources)
    const found = await resolveCredential(sources, asking, {isOptional: auth === 'optional'})
    if (!found.credential && auth === 'required') {
      const {registry} = target
      const {env} = this.ports
      const lacksIdToken = env['GITHUB_ACTIONS'] === 'true' && !hasIdToken(env)
      // `--registry` can't override a route, so other logins are no help.
      const loggedInTo = isRouted
        ? []
        : await (await import('./reporting/other-logins.js')).otherLogins(this.ports.home, registry)
      const tokenVariable = tokenVariableFor(registry)
      throw failure('AUTH_REQUIRED', {registry, tokenVariable, lacksIdToken, isRouted, loggedInTo})
    }
    this.debug('credential from %s', found.credential?.source ?? 'nowhere')
    return this.#connection(target, flags, found, asking)
  }

  /** Adds what sources can request, if one of them has to. */
  async #withRequests(
    query: CredentialQuery,
    target: RegistryTarget,
    sources: readonly CredentialSource[],
  ): Promise<CredentialQuery> {
    if (!sources.some((source) => source.isAvailable?.(query))) return query
    const {credentialRequests} = await import('./client/id-token-requests.js')
    const {env, now, interrupted} = this.ports
    const anonymous = new RegistryClient(this.#clientOptions(target, {offline: false}))
    const requests = credentialRequests(anonymous, gotTransport(env), {now, interrupted, userAgent: this.#userAgent})
    return {...query, requests}
  }

  /** If the flag or the environment selects the registry, an unreadable configuration causes only a warning. */
  async #target({registry}: RegistryFlags): Promise<RegistryTarget> {
    const {env, home} = this.ports
    try {
      const config = await readConfig(home)
      const target = resolveRegistryTarget(registry, env, config)
      this.usualRegistry = usualRegistry(env, config)
      return target
    } catch (error) {
      const isSelected = registry !== undefined || env['APKG_REGISTRY'] !== undefined
      if (!isSelected || !isConfigError(error)) throw error
      if (!this.#hasWarnedOfConfig) this.warning(`${error.message}. Its settings are not used.`)
      this.#hasWarnedOfConfig = true
      return resolveRegistryTarget(registry, env, {})
    }
  }

  #connection(
    target: RegistryTarget,
    flags: RegistryFlags,
    {credential, rest}: ResolvedCredential,
    query: CredentialQuery,
  ): Connection {
    const {requests: _, ...silent} = {...query, note: () => undefined}
    const shadowed = () => shadowedSources(rest, silent)
    const [first] = credential ? [] : rest
    const client = new RegistryClient({
      ...this.#clientOptions(target, flags),
      credential,
      onDemand: first && {
        source: first.name,
        find: async () => (await resolveCredential(rest, query)).credential,
      },
      onExpiry: (expiry) => (this.#expiry = expiry),
      hintsFor: (refusal, source) =>
        refusalHints(refusal, source, shadowed, async (variable) => {
          const {elsewhereHints} = await import('./reporting/token-origin.js')
          return elsewhereHints({variable, registry: target.registry}, this.ports)
        }),
    })
    return {client, target, shadowed}
  }

  #clientOptions(target: RegistryTarget, {offline}: Pick<RegistryFlags, 'offline'>): ClientOptions {
    const {env, interrupted, stderr} = this.ports
    return {
      target,
      credential: undefined,
      transport: gotTransport(env, selectedObservers(this.constructor)),
      interrupted,
      userAgent: this.#userAgent,
      offline,
      hintsFor: () => Promise.resolve(undefined),
      whileWaiting: spinnerWhileWaiting(stderr),
    }
  }

  get #userAgent(): string {
    return `apkg-cli/${this.config.version} ${this.config.platform}-${this.config.arch}`
  }

  /** Prints warnings after everything else, as annotations in GitHub Actions. */
  protected warnAtEnd(...texts: readonly string[]): void {
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
    this.warnAtEnd(...expiryWarnings(expiry, {env, now: now()}), ...settingWarnings(env))
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
