import * as Type from 'typebox'

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
  suspendedAt: Type.Optional(
    nullable(Type.String({description: 'RFC 3339: refused since then, until the operator resumes it'})),
  ),
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

const optionalText = Type.Optional(nullable(Type.String()))

/**
 * A signature over a version, with all that was signed, so that one which was made for something else is told from one
 * that was never made.
 */
export const Attestation = Type.Object({
  kind: Type.String({description: '`author` or `registry`; others are left alone'}),
  keyId: Type.String(),
  signature: Type.String({description: 'base64'}),
  name: Type.String(),
  version: Type.String(),
  integrity: Type.String(),
  registry: Type.Optional(nullable(Type.String({description: 'Of an author: the registry that it was signed for'}))),
  publishedAt: Type.Optional(nullable(Type.String({description: 'Of a registry: RFC 3339'}))),
  signer: Type.Optional(nullable(Type.String({description: "Of a registry: the id of the author's key, or empty"}))),
})

/** A key that versions of a package are signed with, or that such a key was rotated to. */
export const Signer = Type.Object({
  keyId: Type.String(),
  publicKey: Type.String({description: 'base64 of 32 raw bytes'}),
  username: optionalText,
  status: Type.String({description: '`active`, `retired` (by rotation) or `revoked`'}),
  createdAt: Type.String(),
  revokedAt: Type.Optional(nullable(Type.String({description: 'When it was retired or revoked'}))),
  reason: Type.Optional(nullable(Type.String({description: '`key-compromise`, `superseded` or `unspecified`'}))),
  rotatedTo: Type.Optional(
    nullable(
      Type.Object(
        {keyId: Type.String(), attestation: Type.String({description: 'base64'})},
        {description: 'The successor, and the signature of this key over its 32 raw bytes'},
      ),
    ),
  ),
})

/** One version in a packument, and the answer to its deprecation. */
export const VersionMetadata = Type.Object({
  version: Type.String(),
  type: optionalText,
  description: optionalText,
  dist: Type.Optional(
    nullable(
      Type.Object({
        /** Where the registry says that the tarball is. For the original client; never fetched. */
        tarball: Type.String(),
        integrity: Type.String({description: '`sha256-` and base64'}),
        signatures: list(Type.Object({keyId: Type.String(), signature: Type.String({description: 'base64'})})),
        /** What counts: `signatures` are over the integrity alone, for the original client. */
        attestations: list(Attestation),
        size: Type.Optional(nullable(Type.Integer({description: 'Bytes of the tarball'}))),
        unpackedSize: Type.Optional(nullable(Type.Integer({description: 'Bytes of the files in it'}))),
        fileCount: Type.Optional(nullable(Type.Integer())),
      }),
    ),
  ),
  publishedAt: optionalText,
  publishedBy: Type.Optional(nullable(Type.Object({username: Type.String()}))),
  yanked: Type.Optional(nullable(Type.Boolean())),
  dependencies: Type.Optional(nullable(Type.Record(Type.String(), Type.String({description: 'A range'})))),
  license: optionalText,
  keywords: Type.Optional(nullable(Type.Array(Type.String()))),
  repository: optionalText,
  homepage: optionalText,
  origin: optionalText,
  targets: Type.Optional(nullable(Type.Array(Type.String()))),
  deprecated: optionalText,
})

/** All that a registry tells of a package. */
export const Packument = Type.Object({
  name: Type.String(),
  description: optionalText,
  distTags: Type.Optional(Type.Record(Type.String(), Type.String({description: 'A version'}))),
  versions: Type.Optional(Type.Record(Type.String(), VersionMetadata)),
  maintainers: list(Type.Object({username: Type.String(), role: optionalText})),
  visibility: optionalText,
  createdAt: optionalText,
  updatedAt: optionalText,
  readme: optionalText,
  deprecated: optionalText,
  signers: list(Signer),
})

export const RegisteredKeyAnswer = Type.Object({
  keyId: Type.String(),
  name: Type.String(),
  algorithm: Type.String({description: '`ed25519`'}),
  createdAt: Type.String(),
})

export const KeyList = Type.Object({
  keys: Type.Array(
    Type.Object({
      keyId: Type.String(),
      name: Type.String(),
      algorithm: Type.String(),
      status: Type.String({description: '`active`, `retired` (by rotation) or `revoked`'}),
      createdAt: Type.String(),
      revokedAt: optionalText,
      publicKey: optionalText,
      reason: optionalText,
      rotatedTo: Type.Optional(nullable(Type.String({description: "The successor's id"}))),
    }),
  ),
})

export const RevokedKeyAnswer = Type.Object({keyId: Type.String(), status: Type.String(), revokedAt: Type.String()})

export const RotatedKeyAnswer = Type.Object({
  newKeyId: Type.String(),
  oldKeyId: Type.String(),
  rotatedAt: Type.String(),
})

/** The keys of the registry itself. */
export const SigningKeyList = Type.Object({
  keys: Type.Array(
    Type.Object({
      keyId: Type.String(),
      publicKey: Type.String({description: 'base64 of 32 raw bytes, or of a SubjectPublicKeyInfo'}),
      algorithm: Type.String(),
      status: Type.String({description: '`active`, `retired` (by rotation) or `revoked` (as compromised)'}),
      createdAt: Type.String(),
      expiresAt: Type.String({description: 'RFC 3339: what it attests as published then or later does not count'}),
      rotatedFrom: Type.Optional(
        nullable(
          Type.Object(
            {keyId: Type.String(), rotatedAt: Type.String(), signature: Type.String({description: 'base64'})},
            {description: 'The predecessor, and its signature over the statement of the rotation'},
          ),
        ),
      ),
    }),
  ),
})

export const PublishAnswer = Type.Object({
  name: Type.String(),
  version: Type.String(),
  integrity: optionalText,
  publishedAt: optionalText,
  /** Whether the registry had the version already, with the same bytes. */
  identical: Type.Optional(nullable(Type.Boolean())),
  tag: optionalText,
  /** The id of the author's key that the version is signed with. */
  signer: optionalText,
})

export const DistTagAnswer = Type.Object({tag: Type.String(), version: Type.String()})

export const ProvenanceAnswer = Type.Object({}, {description: 'An in-toto statement'})

export const SearchAnswer = Type.Object({
  results: Type.Array(
    Type.Object({
      name: Type.String(),
      version: optionalText,
      description: optionalText,
      keywords: Type.Optional(nullable(Type.Array(Type.String()))),
      type: optionalText,
      origin: optionalText,
      targets: Type.Optional(nullable(Type.Array(Type.String()))),
      publisher: Type.Optional(nullable(Type.Object({username: Type.String()}))),
      deprecated: optionalText,
    }),
  ),
  total: Type.Integer(),
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
export type VersionMetadata = Type.Static<typeof VersionMetadata>
export type Packument = Type.Static<typeof Packument>
export type Attestation = Type.Static<typeof Attestation>
export type Signer = Type.Static<typeof Signer>
export type KeyList = Type.Static<typeof KeyList>
export type SigningKeyList = Type.Static<typeof SigningKeyList>
export type PublishAnswer = Type.Static<typeof PublishAnswer>
export type SearchAnswer = Type.Static<typeof SearchAnswer>
export type ProblemAnswer = Type.Static<typeof ProblemAnswer>
