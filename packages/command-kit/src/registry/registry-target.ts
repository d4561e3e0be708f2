import type {Service} from '@apkg/wire'

import type {Config} from '../config/config-file.js'
import {failure} from '../errors/define-failures.js'
import {canonicalRegistry, publicRegistry} from './registry-url.js'

/** The URLs that a command's requests go to. */
export interface RegistryTarget {
  /** Canonical URL. */
  readonly registry: string
  /** Canonical URLs of the services that the configuration overrides. */
  readonly services: Partial<Record<Service, string>>
}

/**
 * Selects the registry: `--registry`, then `APKG_REGISTRY`, then the configuration, then the public registry.
 *
 * Service overrides in the configuration apply only to the configured registry, so that they never receive the credential
 * of another registry.
 *
 * @param flag the value of `--registry`
 * @throws {ApkgError} `REGISTRY_BLANK`, `REGISTRY_INVALID`
 */
export function resolveRegistryTarget(
  flag: string | undefined,
  env: NodeJS.ProcessEnv,
  config: Config,
): RegistryTarget {
  const registry = explicitRegistry(flag, env) ?? configuredRegistry(config)
  const overrides = isConfiguredRegistry(registry, config) ? Object.entries(config.services ?? {}) : []
  const services = Object.fromEntries(
    overrides.map(([service, url]) => [service, canonicalRegistry(url, `config \`services.${service}\``)]),
  )
  return {registry, services}
}

/** Whether a canonical URL is the configured registry. False if the configured URL is invalid. */
export function isConfiguredRegistry(url: string, config: Config): boolean {
  try {
    return configuredRegistry(config) === url
  } catch {
    return false
  }
}

/**
 * The registry of commands without `--registry`, as a canonical URL. Undefined if a variable of this shell selects another
 * one, because a command may be run in another shell, or if the settings are invalid.
 */
export function usualRegistry({APKG_REGISTRY: variable}: NodeJS.ProcessEnv, config: Config): string | undefined {
  try {
    const registry = configuredRegistry(config)
    const isSame = variable === undefined || canonicalRegistry(variable, 'APKG_REGISTRY') === registry
    return isSame ? registry : undefined
  } catch {
    return undefined
  }
}

function configuredRegistry({registry}: Config): string {
  return registry === undefined ? publicRegistry : canonicalRegistry(registry, 'config `registry`')
}

function explicitRegistry(flag: string | undefined, env: NodeJS.ProcessEnv): string | undefined {
  if (flag !== undefined) return canonicalRegistry(flag, '--registry')
  const variable = env['APKG_REGISTRY']
  if (variable === undefined) return undefined
  if (variable.trim() === '') throw failure('REGISTRY_BLANK', {variable: 'APKG_REGISTRY'})
  return canonicalRegistry(variable, 'APKG_REGISTRY')
}
