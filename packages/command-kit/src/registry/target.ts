import type {Service} from '@apkg/wire'

import type {Config} from '../config/config-file.js'
import {failure} from '../errors/apkg-error.js'
import {canonicalRegistry, publicRegistry} from './registry-url.js'

/** Where a command's requests go. */
export interface Target {
  /** Canonical URL. */
  readonly registry: string
  /** What named it, as a user knows it. */
  readonly origin: '--registry' | 'APKG_REGISTRY' | 'config' | 'default'
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
export function resolveTarget(flag: string | undefined, env: NodeJS.ProcessEnv, config: Config): Target {
  const {registry, origin} = named(flag, env) ?? configured(config)
  const overrides = isConfiguredRegistry(registry, config) ? Object.entries(config.services ?? {}) : []
  const services = Object.fromEntries(
    overrides.map(([service, url]) => [service, canonicalRegistry(url, `config \`services.${service}\``)]),
  )
  return {registry, origin, services}
}

/** Whether a canonical URL is the registry that the configuration stands for. One that is not usable equals none. */
export function isConfiguredRegistry(url: string, config: Config): boolean {
  try {
    return configured(config).registry === url
  } catch {
    return false
  }
}

function configured({registry}: Config): Pick<Target, 'registry' | 'origin'> {
  if (registry === undefined) return {registry: publicRegistry, origin: 'default'}
  return {registry: canonicalRegistry(registry, 'config `registry`'), origin: 'config'}
}

function named(flag: string | undefined, env: NodeJS.ProcessEnv): Pick<Target, 'registry' | 'origin'> | undefined {
  if (flag !== undefined) return {registry: canonicalRegistry(flag, '--registry'), origin: '--registry'}
  const variable = env['APKG_REGISTRY']
  if (variable === undefined) return undefined
  if (variable.trim() === '') throw failure('REGISTRY_BLANK', {variable: 'APKG_REGISTRY'})
  return {registry: canonicalRegistry(variable, 'APKG_REGISTRY'), origin: 'APKG_REGISTRY'}
}
