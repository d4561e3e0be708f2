import * as Type from 'typebox'

import {unprintable} from '../unprintable.js'

/** For what is looked up as it came: behind a NUL, one of the databases would not see the rest. */
const withoutControls = '^[^\\x00-\\x1F\\x7F-\\x9F]*$'

/** For one line that is shown to people. */
const printableLine = `^[^${unprintable.source.slice(1)}*$`

/**
 * Schemas of what a client sends.
 *
 * A registry refuses what is not listed only where it would restrict a credential (`CreateTokenRequest`): a restriction
 * that it does not know must not be dropped in silence.
 */
export const LoginRequest = Type.Object({
  username: Type.String({minLength: 1, maxLength: 256, pattern: withoutControls}),
  password: Type.String({minLength: 1, maxLength: 1024}),
})

export const MfaChallengeRequest = Type.Object({
  mfaToken: Type.String({minLength: 1, maxLength: 256}),
  code: Type.String({minLength: 1, maxLength: 64, description: 'A TOTP or a recovery code'}),
})

export const RefreshRequest = Type.Object({refreshToken: Type.String({minLength: 1, maxLength: 256})})

export const LogoutRequest = Type.Object({refreshToken: Type.Optional(Type.String({maxLength: 256}))})

export const CreateTokenRequest = Type.Object(
  {
    name: Type.String({description: 'The label'}),
    scopes: Type.Optional(Type.Array(Type.String(), {maxItems: 16})),
    expiresIn: Type.Optional(Type.String({description: '`Nh`, `Nd`, `Nw`, `Ny`, a date, an RFC 3339 time or `never`'})),
    packageScope: Type.Optional(
      Type.Union([Type.String({description: 'Package patterns, joined by commas'}), Type.Null()]),
    ),
  },
  {additionalProperties: false},
)

export const TokenListQuery = Type.Object({
  limit: Type.Optional(Type.Integer({minimum: 1, maximum: 1000})),
  cursor: Type.Optional(Type.String({maxLength: 512})),
})

export const TokenParams = Type.Object({
  id: Type.String({minLength: 1, maxLength: 128, pattern: withoutControls}),
})

/** The name of a package as a path segment; whether it is a well-formed one is settled by looking it up. */
const packageName = Type.String({minLength: 1, maxLength: 214, pattern: withoutControls})
const version = Type.String({minLength: 1, maxLength: 256, pattern: withoutControls})

export const PackageParams = Type.Object({name: packageName})

export const VersionParams = Type.Object({name: packageName, version})

export const DistTagParams = Type.Object({
  name: packageName,
  tag: Type.String({minLength: 1, maxLength: 128, pattern: withoutControls}),
})

/**
 * What is said of a version beside its tarball. The manifest in the tarball has to agree with it.
 *
 * `tag`, `provenance` and `signature` go beyond the original protocol.
 */
export const PublishMetadata = Type.Object({
  name: packageName,
  version,
  type: Type.String(),
  integrity: Type.String({description: '`sha256-` and the base64 of the SHA-256 of the tarball'}),
  visibility: Type.Union([Type.Literal('public'), Type.Literal('private')]),
  description: Type.Optional(Type.String()),
  license: Type.Optional(Type.String()),
  keywords: Type.Optional(Type.Array(Type.String(), {maxItems: 100})),
  repository: Type.Optional(Type.String()),
  homepage: Type.Optional(Type.String()),
  dependencies: Type.Optional(Type.Record(Type.String(), Type.String())),
  origin: Type.Optional(Type.String()),
  targets: Type.Optional(Type.Array(Type.String(), {maxItems: 100})),
  readme: Type.Optional(Type.String({description: 'The text of the readme'})),
  tag: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 128,
      pattern: withoutControls,
      description: 'The dist-tag to set. Without it, `latest` is set to a stable version that is higher than it',
    }),
  ),
  provenance: Type.Optional(
    Type.Object(
      {},
      {description: 'An in-toto statement (SLSA provenance) whose subject has the digest of the tarball'},
    ),
  ),
  signature: Type.Optional(
    Type.Object(
      {keyId: Type.String({maxLength: 128}), signature: Type.String({maxLength: 128, description: 'base64'})},
      {description: 'Over the author statement, by a key that is registered for the user'},
    ),
  ),
})

const keyId = Type.String({minLength: 1, maxLength: 128, pattern: withoutControls})
const publicKey = Type.String({maxLength: 128, description: 'base64 of the 32 raw bytes of an Ed25519 key'})
const keyName = Type.String({minLength: 1, maxLength: 100, pattern: printableLine})

export const RegisterKeyRequest = Type.Object({publicKey, name: keyName})

export const KeyParams = Type.Object({keyId})

export const RevokeKeyRequest = Type.Object({
  reason: Type.Union([Type.Literal('key-compromise'), Type.Literal('superseded'), Type.Literal('unspecified')]),
  message: Type.Optional(Type.String({maxLength: 1024, pattern: printableLine})),
})

/** `name` goes beyond the original protocol; without it, the new key has the name of the old one. */
export const RotateKeyRequest = Type.Object({
  oldKeyId: keyId,
  newPublicKey: publicKey,
  attestation: Type.String({
    maxLength: 128,
    description: 'base64 of the signature by the old key over the 32 raw bytes of the new one',
  }),
  name: Type.Optional(keyName),
})

export const DeprecateRequest = Type.Object({
  deprecated: Type.Union([Type.String({minLength: 1, maxLength: 1024, pattern: printableLine}), Type.Null()], {
    description: 'Null takes it back',
  }),
})

export const DistTagRequest = Type.Object({version})

export const SearchQuery = Type.Object({
  q: Type.Optional(Type.String({maxLength: 256, pattern: withoutControls})),
  limit: Type.Optional(Type.Integer({minimum: 1, maximum: 250})),
  offset: Type.Optional(Type.Integer({minimum: 0, maximum: 100_000})),
})

export type PublishMetadata = Type.Static<typeof PublishMetadata>
export type RegisterKeyRequest = Type.Static<typeof RegisterKeyRequest>
export type RevokeKeyRequest = Type.Static<typeof RevokeKeyRequest>
export type RotateKeyRequest = Type.Static<typeof RotateKeyRequest>
export type DeprecateRequest = Type.Static<typeof DeprecateRequest>
export type SearchQuery = Type.Static<typeof SearchQuery>
export type LoginRequest = Type.Static<typeof LoginRequest>
export type MfaChallengeRequest = Type.Static<typeof MfaChallengeRequest>
export type RefreshRequest = Type.Static<typeof RefreshRequest>
export type LogoutRequest = Type.Static<typeof LogoutRequest>
export type CreateTokenRequest = Type.Static<typeof CreateTokenRequest>
export type TokenListQuery = Type.Static<typeof TokenListQuery>
