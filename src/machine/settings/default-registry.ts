import {changeConfig, isConfiguredRegistry, readConfig} from '@apkg/command-kit'

import {configKey} from './config-keys.js'

/**
 * Whether a registry is the one in the settings, or the public registry if there is none.
 *
 * @param registry canonical URL.
 * @throws {ApkgError} the errors of `readConfig`.
 */
export async function isDefaultRegistry(home: string, registry: string): Promise<boolean> {
  return isConfiguredRegistry(registry, await readConfig(home))
}

/**
 * Asserts that a registry can become the default.
 *
 * @throws {ApkgError} `SERVICE_OVERRIDES_PRESENT`; the errors of `readConfig`.
 */
export async function assertCanBecomeDefault(home: string, registry: string): Promise<void> {
  configKey('registry').set(await readConfig(home), registry)
}

/** @throws {ApkgError} `SERVICE_OVERRIDES_PRESENT`; the errors of `changeConfig`. */
export async function setDefaultRegistry(home: string, registry: string): Promise<void> {
  await changeConfig(home, (present) => configKey('registry').set(present, registry))
}
