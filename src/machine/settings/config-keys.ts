import {canonicalRegistry, isConfiguredRegistry, publicRegistry, shownUrl, type Config} from '@apkg/command-kit'
import {toolNames} from '@apkg/package-format'
import {services as knownServices} from '@apkg/wire'

import {failure} from '../failures.js'

type Value = string | boolean

/** How to read, change and remove a setting. */
interface ConfigKey {
  /** The default; undefined if there is none. */
  fallback?: (config: Config) => Value
  /** The value to show. A URL that was written to the file by hand may contain a password. */
  get: (config: Config) => Value | undefined
  /** @throws {ApkgError} `CONFIG_VALUE_INVALID`, `REGISTRY_INVALID`, `SERVICE_OVERRIDES_PRESENT`. */
  set: (config: Config, text: string) => Config
  delete: (config: Config) => Config
}

const registry: ConfigKey = {
  fallback: () => publicRegistry,
  get: ({registry: url}) => (url === undefined ? undefined : shownUrl(url)),
  set(config, text) {
    const url = canonicalRegistry(text, 'the command line')
    assertNoOverrides(config, url)
    return {...config, registry: url}
  },
  delete(config) {
    assertNoOverrides(config, publicRegistry)
    return without(config, 'registry')
  },
}

const symlinkClaudeMd: ConfigKey = {
  fallback: () => false,
  get: (config) => config.symlinkClaudeMd,
  set: (config, text) => ({...config, symlinkClaudeMd: parseBoolean('symlinkClaudeMd', text)}),
  delete: (config) => without(config, 'symlinkClaudeMd'),
}

function serviceKey(service: string): ConfigKey {
  const isKnown = (knownServices as readonly string[]).includes(service)
  return {
    ...(isKnown && {fallback: (config: Config) => registry.get(config) ?? publicRegistry}),
    get({services = {}}) {
      const url = Object.hasOwn(services, service) ? services[service] : undefined
      return url === undefined ? undefined : shownUrl(url)
    },
    set(config, text) {
      if (!isKnown) throw unknownKey(`services.${service}`)
      return {...config, services: {...config.services, [service]: canonicalRegistry(text, 'the command line')}}
    },
    delete: (config) => ({...config, services: without(config.services ?? {}, service)}),
  }
}

function defaultSetupKey(tool: string): ConfigKey {
  return {
    get: (config) => config.defaultSetup?.[tool],
    set: (config, text) => ({
      ...config,
      defaultSetup: {...config.defaultSetup, [tool]: parseBoolean(`defaultSetup.${tool}`, text)},
    }),
    delete: (config) => ({...config, defaultSetup: without(config.defaultSetup ?? {}, tool)}),
  }
}

/** All settings by name. */
const configKeys: ReadonlyMap<string, ConfigKey> = new Map([
  ['registry', registry],
  ['symlinkClaudeMd', symlinkClaudeMd],
  ...knownServices.map((service) => [`services.${service}`, serviceKey(service)] as const),
  ...toolNames.map((tool) => [`defaultSetup.${tool}`, defaultSetupKey(tool)] as const),
])

/** The names of all settings. */
export const settingNames: readonly string[] = [...configKeys.keys()]

/**
 * Finds a setting by name. Any `services.<name>` can be read and deleted, because the original client can set them.
 *
 * @throws {ApkgError} `CONFIG_KEY_UNKNOWN`.
 */
export function configKey(name: string): ConfigKey {
  const [, service] = /^services\.(.+)$/s.exec(name) ?? []
  const key = configKeys.get(name) ?? (service === undefined ? undefined : serviceKey(service))
  if (!key) throw unknownKey(name)
  return key
}

/** The settings that are set, in a fixed order. */
export function presentSettings(config: Config): Record<string, Value> {
  const names = new Set([
    ...configKeys.keys(),
    ...Object.keys(config.services ?? {})
      .filter(Boolean)
      .map((each) => `services.${each}`),
  ])
  const values = [...names].map((name) => [name, configKey(name).get(config)] as const)
  return Object.fromEntries(values.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))
}

function unknownKey(key: string) {
  return failure('CONFIG_KEY_UNKNOWN', {key, known: settingNames})
}

/** Overrides belong to one registry. With another one, they would send its credentials to the first one's services. */
function assertNoOverrides(config: Config, url: string): void {
  const present = Object.keys(config.services ?? {}).map((service) => `services.${service}`)
  if (present.length > 0 && !isConfiguredRegistry(url, config))
    throw failure('SERVICE_OVERRIDES_PRESENT', {services: present})
}

function parseBoolean(key: string, text: string): boolean {
  if (text === 'true' || text === '1') return true
  if (text === 'false' || text === '0') return false
  const mistyped = {word: text, known: ['true', 'false']}
  throw failure('CONFIG_VALUE_INVALID', {key, reason: 'expected true or false', mistyped})
}

function without<Content extends object>(content: Content, key: string): Content {
  return Object.fromEntries(Object.entries(content).filter(([each]) => each !== key)) as Content
}
