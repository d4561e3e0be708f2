import type {CreateTokenRequest, RotateTokenRequest} from '@apkg/wire/protocol'

/** The flag for each field of the requests that create and rotate tokens. A field without a flag doesn't compile. */
export const flagOfField = {
  name: '--label',
  note: '--note',
  scopes: '--scopes',
  packageScope: '--package',
  organization: '--org',
  addresses: '--ip',
  uses: '--uses',
  release: '--integrity',
  'release.version': '--package',
  'release.integrity': '--integrity',
  'release.tag': '--tag',
  expiresIn: '--expires',
  grace: '--grace',
} as const satisfies Record<
  keyof CreateTokenRequest | keyof RotateTokenRequest | `release.${keyof NonNullable<CreateTokenRequest['release']>}`,
  string
>
