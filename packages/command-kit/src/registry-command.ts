import {Flags} from '@oclif/core'

import {ApkgCommand} from './apkg-command.js'
import {gotTransport} from './client/got-transport.js'
import {RegistryClient} from './client/registry-client.js'
import {selectedObservers} from './client/request-observer.js'
import {readConfig} from './config/config-file.js'
import {resolveCredential, shadowedSources, type ShadowedSource} from './credentials/resolve.js'
import {selectedSources, type AuthPolicy} from './credentials/selection.js'
import type {CredentialQuery} from './credentials/source.js'
import {hasCode, type ApkgError} from './errors/apkg-error.js'
import {failure} from './errors/define-failures.js'
import {globalFlags} from './global-flags.js'
import {resolveRegistryTarget, type RegistryTarget} from './registry/registry-target.js'
import {refusalHints} from './reporting/refusal-hints.js'
import {printable} from './terminal/printable.js'
import {spinnerWhileWaiting} from './terminal/spinner.js'

/** The flags that say which registry is talked to, if any. */
export interface RegistryFlags {
  registry?: string | undefined
  offline: boolean
}

/** A way to a registry: a client that holds the credential it was given, and what that credential stands before. */
export interface Connection {
  client: RegistryClient
  target: RegistryTarget
  /** The other sources that have a credential for this registry, and would be used if the first were not there. */
  shadowed: () => Promise<ShadowedSource[]>
}

/**
 * The base of every command that talks to a registry, ours or a plugin's. `connect` gives it a client that
 * authenticates as the user chose; the command never sees the credential.
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

  /** `required` refuses to run without a credential, `optional` uses one if there is one, `none` asks for none. */
  static readonly auth: AuthPolicy = 'required'

  /**
   * A client for the registry that the flags, the environment and the configuration name.
   *
   * @throws {ApkgError} `AUTH_REQUIRED` where a credential is required and no source has one; `SOURCES_UNSELECTED` when
   *   the command was not started through apkg; what a source or the configuration throws.
   */
  protected async connect(flags: RegistryFlags): Promise<Connection> {
    const {auth} = this.constructor as typeof RegistryCommand
    const target = await this.#target(flags)
    if (auth === 'none') return this.#connection(target, flags, undefined, () => Promise.resolve([]))
    const sources = selectedSources(this.constructor)
    if (!sources) throw failure('SOURCES_UNSELECTED')
    const query: CredentialQuery = {
      ...this.#surroundings(target),
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

  /** The registry that flag, environment or configuration names. */
  async #target({registry}: RegistryFlags): Promise<RegistryTarget> {
    const {env, home} = this.ports
    try {
      return resolveRegistryTarget(registry, env, await readConfig(home))
    } catch (error) {
      const isNamed = registry !== undefined || env['APKG_REGISTRY'] !== undefined
      if (!isNamed || !isFileTrouble(error)) throw error
      this.warning(`${error.message}; its settings are not used.`)
      return resolveRegistryTarget(registry, env, {})
    }
  }

  #surroundings({registry}: RegistryTarget): Pick<CredentialQuery, 'registry' | 'env' | 'home'> {
    return {registry, env: this.ports.env, home: this.ports.home}
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
      hintsFor: (refusal, source) => refusalHints(refusal, source, shadowed),
      whileWaiting: spinnerWhileWaiting(stderr),
    })
    return {client, target, shadowed}
  }
}

/** A configuration that cannot be read need not stop a command that is told its registry and its token. */
function isFileTrouble(error: unknown): error is ApkgError {
  return (['FILE_UNREADABLE', 'FILE_DAMAGED', 'HOME_UNUSABLE'] as const).some((code) => hasCode(error, code))
}
