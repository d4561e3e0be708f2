import Type from 'typebox'

/**
 * Schemas of what a registry answers.
 *
 * They state what the protocol requires and no more: unknown fields are allowed, and what the original client tolerates
 * as absent or null is optional and nullable here. Our own registry sends every field it knows and never sends null
 * where a string or a list is needed.
 */
const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])

/** What a bearer credential can be: visible ASCII, which a header carries and a terminal shows as it is. */
const CredentialValue = Type.String({pattern: '^[\\x21-\\x7E]+$'})
const list = <T extends Type.TSchema>(schema: T) => Type.Optional(Type.Array(schema))

export const LoginAnswer = Type.Object({
  accessToken: Type.Optional(nullable(CredentialValue)),
  refreshToken: Type.Optional(nullable(CredentialValue)),
  expiresIn: Type.Optional(nullable(Type.Integer({description: 'Seconds until the access token expires'}))),
  tokenType: Type.Optional(nullable(Type.String())),
  username: Type.Optional(nullable(Type.String())),
  mfaRequired: Type.Optional(nullable(Type.Boolean())),
  mfaToken: Type.Optional(nullable(Type.String())),
})

export const SessionAnswer = Type.Object({
  accessToken: CredentialValue,
  refreshToken: CredentialValue,
  expiresIn: Type.Integer({description: 'Seconds until the access token expires'}),
  tokenType: Type.String(),
  username: Type.Optional(nullable(Type.String())),
})

/** The credential that a request was made with, as its own registry describes it. */
export const CredentialInUse = Type.Object({
  kind: Type.Union([Type.Literal('session'), Type.Literal('token')]),
  id: Type.String(),
  label: Type.Optional(nullable(Type.String())),
  prefix: Type.Optional(nullable(Type.String())),
  scopes: list(Type.String()),
  packagePatterns: list(Type.String()),
  expires: Type.Optional(nullable(Type.String({description: 'RFC 3339, or null for never'}))),
})

export const WhoamiAnswer = Type.Object({
  username: Type.String(),
  email: Type.String(),
  mfaEnabled: Type.Optional(nullable(Type.Boolean())),
  scopes: list(Type.String()),
  orgs: list(Type.Object({name: Type.String(), role: Type.String()})),
  credential: Type.Optional(nullable(CredentialInUse)),
})

const tokenFields = {
  id: Type.String(),
  name: Type.String({description: 'The label'}),
  scopes: Type.Array(Type.String()),
  packageScope: Type.Optional(nullable(Type.String({description: 'The package patterns, joined by commas'}))),
  packagePatterns: list(Type.String()),
  expiresAt: Type.String({description: 'RFC 3339; far in the future for never'}),
  expires: Type.Optional(nullable(Type.String({description: 'RFC 3339, or null for never'}))),
  createdAt: Type.String(),
  prefix: Type.Optional(nullable(Type.String({description: 'The first characters of the value'}))),
}

export const TokenSummary = Type.Object({
  ...tokenFields,
  expiresIn: Type.String({description: 'The lifetime as it was asked for'}),
  lastUsed: Type.Optional(nullable(Type.String())),
})

export const CreatedTokenAnswer = Type.Object({
  ...tokenFields,
  /** The value; in this answer and never again. */
  token: CredentialValue,
  expiresIn: Type.Optional(nullable(Type.String())),
})

export const TokenPage = Type.Object({
  tokens: Type.Array(TokenSummary),
  nextCursor: Type.Optional(nullable(Type.String({description: 'Opaque; absent on the last page'}))),
})

export const HealthAnswer = Type.Object({status: Type.Literal('ok'), version: Type.String()})

export const ProblemAnswer = Type.Object({
  type: Type.Optional(Type.String()),
  title: Type.Optional(Type.String()),
  status: Type.Optional(Type.Integer()),
  detail: Type.Optional(Type.String()),
  error: Type.Object({
    code: Type.String(),
    message: Type.String(),
    details: list(
      Type.Object({
        field: Type.Optional(nullable(Type.String())),
        message: Type.String(),
        code: Type.Optional(nullable(Type.String())),
      }),
    ),
    requestId: Type.Optional(nullable(Type.String())),
  }),
})

export type LoginAnswer = Type.Static<typeof LoginAnswer>
export type SessionAnswer = Type.Static<typeof SessionAnswer>
export type WhoamiAnswer = Type.Static<typeof WhoamiAnswer>
export type CredentialInUse = Type.Static<typeof CredentialInUse>
export type TokenSummary = Type.Static<typeof TokenSummary>
export type CreatedTokenAnswer = Type.Static<typeof CreatedTokenAnswer>
export type TokenPage = Type.Static<typeof TokenPage>
export type ProblemAnswer = Type.Static<typeof ProblemAnswer>
