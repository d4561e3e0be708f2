import {environmentSources, type Ports, tokenVariableFor} from '@apkg/command-kit'

/**
 * The variable that overrides the stored login for this registry, if any. An invalid value does too, because it makes commands
 * fail.
 *
 * @param registry canonical URL.
 */
export async function overridingVariable(
  registry: string,
  {env, home}: Pick<Ports, 'env' | 'home'>,
): Promise<string | undefined> {
  const query = {registry, env, home, note: () => undefined}
  for (const source of environmentSources) {
    try {
      const found = await source.find(query)
      if (found) return found.source
    } catch {
      return [tokenVariableFor(registry) ?? source.name, source.name].find((name) => env[name] !== undefined)
    }
  }
  return undefined
}
