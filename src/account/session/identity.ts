import type {CallOptions, Connection} from '@apkg/command-kit'

/** Who the registry takes the user for, and by which credential. */
export interface Identity {
  registry: string
  username: string
  email: string
  /** Null where the registry does not say. */
  mfaEnabled: boolean | null
  scopes: string[]
  organizations: {name: string; role: string}[]
  credential: {
    /** Where it was found: `APKG_TOKEN`, `~/.apkg/credentials.json`, a plugin's words. */
    source: string
    /** The rest is null where the registry does not say. */
    kind: 'session' | 'token' | null
    id: string | null
    label: string | null
    packages: string[] | null
    /** RFC 3339; null for never too. */
    expiresAt: string | null
  }
  /** Other sources that have a credential for this registry, and are not used. */
  shadowed: string[]
}

export async function identify({client, shadowed}: Connection, options: CallOptions = {}): Promise<Identity> {
  const answer = await client.call('whoami', {}, options)
  const {credential} = answer
  return {
    registry: client.registry,
    username: answer.username,
    email: answer.email,
    mfaEnabled: answer.mfaEnabled ?? null,
    scopes: answer.scopes ?? [],
    organizations: answer.orgs ?? [],
    credential: {
      source: client.credential?.source ?? 'none',
      kind: credential?.kind ?? null,
      id: credential?.id ?? null,
      label: credential?.label ?? null,
      packages: credential?.packagePatterns ?? null,
      expiresAt: credential?.expires ?? null,
    },
    shadowed: (await shadowed()).map(({source, problem}) =>
      problem === undefined ? source : `${source} (${problem})`,
    ),
  }
}
