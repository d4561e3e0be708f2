import {environmentSource, type Ports} from '@apkg/command-kit'

/** Whether `APKG_TOKEN` overrides the stored login for this registry. An invalid value does too: it makes commands fail. */
export async function hasEnvironmentToken(
  registry: string,
  {env, home}: Pick<Ports, 'env' | 'home'>,
): Promise<boolean> {
  try {
    return (await environmentSource.find({registry, env, home, note: () => undefined})) !== undefined
  } catch {
    return true
  }
}
