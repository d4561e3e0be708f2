import Type from 'typebox'

/** For what is looked up as it came: behind a NUL, one of the databases would not see the rest. */
const withoutControls = '^[^\\x00-\\x1F\\x7F-\\x9F]*$'

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

export type LoginRequest = Type.Static<typeof LoginRequest>
export type MfaChallengeRequest = Type.Static<typeof MfaChallengeRequest>
export type RefreshRequest = Type.Static<typeof RefreshRequest>
export type LogoutRequest = Type.Static<typeof LogoutRequest>
export type CreateTokenRequest = Type.Static<typeof CreateTokenRequest>
export type TokenListQuery = Type.Static<typeof TokenListQuery>
