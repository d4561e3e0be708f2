import {environmentSource, type Ports} from '@apkg/command-kit'

/** Whether `APKG_TOKEN` would be used for this registry instead of what is stored; a blank one stops commands, too. */
export async function variableWins(registry: string, {env, home}: Pick<Ports, 'env' | 'home'>): Promise<boolean> {
  try {
    return (await environmentSource.find({registry, env, home, note: () => undefined})) !== undefined
  } catch {
    return true
  }
}
