import {isApkgError, isInteractive, type Ports} from '@apkg/command-kit'

import {assertCanBecomeDefault, isDefaultRegistry, setDefaultRegistry} from '../machine/settings/default-registry.js'

/** Whether a registry should become the default. */
export interface DefaultRegistryChoice {
  /** Canonical URL. */
  registry: string
  /** Whether a flag says so. */
  isWanted: boolean
  /** Whether to ask on a terminal if no flag says so. */
  asks: boolean
}

/**
 * Makes a registry the default if the user wants that.
 *
 * @returns `isDefault`: whether it is the default now. `note`: what changed, one sentence.
 * @throws {ApkgError} `SERVICE_OVERRIDES_PRESENT` and the errors of the settings, if the user wants it.
 */
export async function chooseDefaultRegistry(
  {registry, isWanted, asks}: DefaultRegistryChoice,
  ports: Pick<Ports, 'stdin' | 'stderr' | 'prompts' | 'home'>,
): Promise<{isDefault: boolean; note?: string}> {
  const {home} = ports
  const isDefault = await isDefaultRegistry(home, registry).catch(unlessWanted(isWanted))
  if (isDefault || !(isWanted || (asks && (await isAgreed(registry, ports))))) return {isDefault}
  await setDefaultRegistry(home, registry)
  return {isDefault: true, note: `Set registry = ${registry}`}
}

async function isAgreed(
  registry: string,
  ports: Pick<Ports, 'stdin' | 'stderr' | 'prompts' | 'home'>,
): Promise<boolean> {
  if (!isInteractive(ports)) return false
  const canBecome = await assertCanBecomeDefault(ports.home, registry).then(() => true, unlessWanted(false))
  if (!canBecome) return false
  return ports.prompts.confirm({message: `Make ${registry} your default registry?`, default: true})
}

/** Settings that can't be read or changed cause a failure only if the user asked for the change. */
function unlessWanted(isWanted: boolean): (error: unknown) => false {
  return (error) => {
    if (isWanted || !isApkgError(error)) throw error
    return false
  }
}
