import {isJsonObject} from '@apkg/wire'

import {withLock} from '../files/lock.js'
import {StateFolder} from '../files/state-folder.js'

/** `~/.apkg/config.json`, which the original client uses too. Unknown keys are kept. */
export interface Config {
  registry?: string
  services?: Record<string, string>
  defaultSetup?: Record<string, boolean>
  symlinkClaudeMd?: boolean
}

/**
 * Reads the settings. If the file doesn't exist, they are empty.
 *
 * @param home the user's home directory, an absolute path
 * @throws {ApkgError} `FILE_UNREADABLE`, `FILE_DAMAGED`, `HOME_UNUSABLE`
 */
export async function readConfig(home: string): Promise<Config> {
  return (await new StateFolder(home).read('config', isConfig)) ?? {}
}

/**
 * Changes the settings under the lock of `~/.apkg`.
 *
 * @param home the user's home directory, an absolute path
 * @param change gets the current settings and returns the new ones; if it throws, the file isn't changed
 * @throws {ApkgError} `FILE_UNREADABLE`, `FILE_DAMAGED`, `FILE_UNWRITABLE`, `HOME_UNUSABLE`, `STORE_LOCKED`
 */
export async function changeConfig(home: string, change: (config: Config) => Config): Promise<Config> {
  const folder = new StateFolder(home)
  return withLock(folder, async (lock) => {
    const changed = withoutEmptyParts(change((await folder.read('config', isConfig)) ?? {}))
    lock.assertHeld()
    await folder.replace('config', changed)
    return changed
  })
}

/** Omits empty objects, like the original client, so that both write the same file. */
function withoutEmptyParts(config: Config): Config {
  const {services, defaultSetup, ...rest} = config
  return {
    ...rest,
    ...(services && Object.keys(services).length > 0 && {services}),
    ...(defaultSetup && Object.keys(defaultSetup).length > 0 && {defaultSetup}),
  }
}

function isConfig(value: unknown): value is Config {
  if (!isJsonObject(value)) return false
  const {registry, services, defaultSetup, symlinkClaudeMd} = value
  return (
    isOptional(registry, 'string') &&
    isOptional(symlinkClaudeMd, 'boolean') &&
    isOptionalRecord(services, 'string') &&
    isOptionalRecord(defaultSetup, 'boolean')
  )
}

function isOptional(value: unknown, type: 'string' | 'boolean'): boolean {
  return value === undefined || typeof value === type
}

function isOptionalRecord(value: unknown, type: 'string' | 'boolean'): boolean {
  return value === undefined || (isJsonObject(value) && Object.values(value).every((each) => typeof each === type))
}
