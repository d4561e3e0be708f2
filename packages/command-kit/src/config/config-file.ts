import {isJsonObject} from '@apkg/wire'

import {withLock} from '../files/lock.js'
import {StateFolder} from '../files/state-folder.js'

/** `~/.apkg/config.json`, the original client's file. Keys that are not listed are kept as they are. */
export interface Config {
  registry?: string
  services?: Record<string, string>
  defaultSetup?: Record<string, boolean>
  symlinkClaudeMd?: boolean
}

/**
 * The settings; empty where the file does not exist.
 *
 * @param home the user's home directory.
 * @throws {ApkgError} `FILE_UNREADABLE`, `FILE_DAMAGED`.
 */
export async function readConfig(home: string): Promise<Config> {
  return (await new StateFolder(home).read('config', isConfig)) ?? {}
}

/**
 * Changes the settings under the lock of `~/.apkg`.
 *
 * @param change gets the present settings and returns the new ones; throwing leaves the file alone.
 * @throws {ApkgError} `FILE_UNREADABLE`, `FILE_DAMAGED`, `FILE_UNWRITABLE`, `STORE_LOCKED`.
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

/** The original client leaves out what is empty, and so do we: a file made by either reads the same. */
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
