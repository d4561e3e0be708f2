import type {Service} from '@apkg/wire'

import type {Config} from '../config/config-file.js'
import {failure} from '../errors/define-failures.js'
import {canonicalRegistry, publicRegistry} from './registry-url.js'

/** Where a command's requests go. */
export interface RegistryTarget {
  /** Canonical URL. */
  readonly registry: string
  /** Canonical URLs of the backends that the configuration redirects. */
  readonly services: Partial<Record<Service, string>>
}

/**
 * Picks the registry: `--registry`, then `APKG_REGISTRY`, then the configuration, then the public one.
 *
 * The configuration's service overrides apply only while the registry is the one that they were made for, so that no
 * credential of another registry follows them.
 *
 * @throws {ApkgError} `REGISTRY_BLANK`, `REGISTRY_INVALID`.
 */
export function resolveRegistryTarget(
  flag: string | undefined,
  env: NodeJS.ProcessEnv,
  config: Config,
): RegistryTarget {
  const registry = named(flag, env) ?? configured(config)
  const overrides = isConfiguredRegistry(registry, config) ? Object.entries(config.services ?? {}) : []
  const services = Object.fromEntries(
    overrides.map(([service, url]) => [service, canonicalRegistry(url, `config \`services.${service}\``)]),
  )
  return {registry, services}
}

/** Whether a canonical URL is the registry that the configuration stands for. One that is not usable equals none. */
export function isConfiguredRegistry(url: string, config: Config): boolean {
  try {
    return configured(config) === url
  } catch {
    return false
  }
}

function configured({registry}: Config): string {
  return registry === undefined ? publicRegistry : canonicalRegistry(registry, 'config `registry`')
}

function named(flag: string | undefined, env: NodeJS.ProcessEnv): string | undefined {
  if (flag !== undefined) return canonicalRegistry(flag, '--registry')
  const variable = env['APKG_REGISTRY']
  if (variable === undefined) return undefined
  if (variable.trim() === '') throw failure('REGISTRY_BLANK', {variable: 'APKG_REGISTRY'})
  return canonicalRegistry(variable, 'APKG_REGISTRY')
}
