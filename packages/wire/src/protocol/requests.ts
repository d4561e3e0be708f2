import * as Type from 'typebox'

import {maxLeakedValueLength, maxLeakedValues, maxLeakNoteLength} from '../leaked-values.js'
import {maxStatusVersions} from '../status-versions.js'
import {
  DistTagName,
  Grace,
  Integrity,
  KeyId,
  KeyName,
  KeyRevocationReason,
  Label,
  Lifetime,
  Note,
  PackageName,
  PackageScope,
  PackageType,
  PackageVersion,
  PossessionProof,
  printableLine,
  PublicKey,
  RotationAttestation,
  type Rules,
  Scope,
  Signature,
  TokenCursor,
  TokenIdStart,
  Tool,
  VersionNumber,
  Visibility,
  withoutControls,
} from './values.js'

/**
 * Builds the schema of a request body, or of an object in one.
 *
 * Unknown fields are ignored, with two exceptions: `__proto__` and `constructor` could pollute prototypes, and
 * `CreateTokenRequest` rejects all unknown fields, so that a registry never drops a restriction that it doesn't support.
 */
function fields<Fields extends Type.TProperties>(properties: Fields, rules: Rules) {
  const propertyNames = {pattern: '^(?!(?:__proto__|constructor)$)', fault: 'is not an allowed field'}
  return Type.Object(properties, {propertyNames, ...rules})
}

export const LoginRequest = fields(
  {
    username: Type.String({minLength: 1, maxLength: 256, ...withoutControls, example: 'acme'}),
    password: Type.String({minLength: 1, maxLength: 1024, example: 'correct horse battery staple'}),
  },
  {title: 'LoginRequest', description: 'A username and a password.'},
)

export const MfaChallengeRequest = fields(
  {
    mfaToken: Type.String({
      minLength: 1,
      maxLength: 256,
      description: 'The `mfaToken` from the response to the login.',
      example: 'q3Xn0pWc5fJm8sVt',
    }),
    code: Type.String({
      minLength: 1,
      maxLength: 64,
      description: 'A one-time password from the authenticator app, or a recovery code.',
      example: '123456',
    }),
  },
  {title: 'MfaChallengeRequest', description: 'The second factor of a login.'},
)

export const StepUpRequest = fields(
  {
    password: Type.String({minLength: 1, maxLength: 1024, example: 'correct horse battery staple'}),
    code: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 64,
        description: 'A one-time password or a recovery code, if the account has MFA.',
        example: '123456',
      }),
    ),
  },
  {title: 'StepUpRequest', description: 'The password of the session, and its second factor.'},
)

const exampleRefreshToken = 'apkgr_0123456789ABCDEFGHIJKLMNOPQRSTUV3TCxst'

export const RefreshRequest = fields(
  {
    refreshToken: Type.String({
      minLength: 1,
      maxLength: 256,
      description: 'The refresh token of the session.',
      example: exampleRefreshToken,
    }),
  },
  {title: 'RefreshRequest', description: 'The refresh token of the session to refresh. It works once.'},
)

export const LogoutRequest = fields(
  {
    refreshToken: Type.Optional(
      Type.String({maxLength: 256, description: 'A refresh token of the session.', example: exampleRefreshToken}),
    ),
  },
  {title: 'LogoutRequest', description: 'The session to revoke; by default, the session of the access token.'},
)

export const RevokeValuesRequest = fields(
  {
    values: Type.Array(Type.String({maxLength: maxLeakedValueLength, example: exampleRefreshToken}), {
      minItems: 1,
      maxItems: maxLeakedValues,
      description: 'Values of API tokens, access tokens and refresh tokens. Anything else is ignored.',
    }),
    note: Type.Optional(
      Type.String({
        maxLength: maxLeakNoteLength,
        ...printableLine,
        description: 'Where the values were found. It is recorded in the audit log.',
        example: 'build log of 2026-11-23',
      }),
    ),
  },
  {title: 'RevokeValuesRequest', description: 'Values that may have leaked.'},
)

export const CreateTokenRequest = Type.Object(
  {
    name: Label,
    scopes: Type.Optional(
      Type.Array(Scope, {maxItems: 16, description: '`read` and `publish` if it is missing or empty.'}),
    ),
    expiresIn: Type.Optional(Lifetime),
    packageScope: Type.Optional(
      Type.Union([PackageScope, Type.Null()], {description: 'Restricts the token to these packages.'}),
    ),
    note: Type.Optional(Type.Union([Note, Type.Null()], {description: 'What the token is for.'})),
  },
  {title: 'CreateTokenRequest', description: 'The token to create.', additionalProperties: false},
)

export const RotateTokenRequest = Type.Object(
  {
    grace: Type.Optional(Grace),
    expiresIn: Type.Optional(Lifetime),
  },
  {
    title: 'RotateTokenRequest',
    description: 'How long the old value and the new one are valid.',
    additionalProperties: false,
  },
)

export const RotationQuery = Type.Object({
  prefix: Type.String({
    minLength: 1,
    maxLength: 64,
    ...withoutControls,
    description: 'The `prefix` of the new value.',
    example: 'apkgt_012345',
  }),
})

export const TokenListQuery = Type.Object({
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 1000,
      description: 'How many tokens a page holds; all by default.',
      example: 50,
    }),
  ),
  cursor: Type.Optional(TokenCursor),
  ended: Type.Optional(
    Type.Boolean({
      description: 'Whether to include tokens that expired or were revoked; no by default.',
      example: true,
    }),
  ),
})

export const TokenParams = Type.Object({id: TokenIdStart})

export const PackageParams = Type.Object({name: PackageName})

export const VersionParams = Type.Object({name: PackageName, version: VersionNumber})

export const DistTagParams = Type.Object({name: PackageName, tag: DistTagName})

const maxText = 1024

function optionalText(description: string, example: string) {
  return Type.Optional(Type.String({maxLength: maxText, description, example}))
}

/** The metadata of an upload. `tag`, `provenance` and `signature` are additions to the original protocol. */
export const PublishMetadata = fields(
  {
    name: PackageName,
    version: VersionNumber,
    type: PackageType,
    integrity: Integrity,
    visibility: Visibility,
    description: optionalText('What the package does, in a sentence.', 'Deploys a service and watches its logs'),
    license: optionalText('An SPDX expression; `MIT` by default.', 'MIT'),
    keywords: Type.Optional(
      Type.Array(Type.String(), {maxItems: 100, description: 'Keywords for search.', example: ['deploy']}),
    ),
    repository: optionalText('The URL of the source code.', 'https://github.com/acme/deploy'),
    homepage: optionalText('The URL of the homepage.', 'https://example.com/deploy'),
    dependencies: Type.Optional(
      Type.Record(Type.String(), Type.String(), {
        propertyNames: PackageName,
        description: 'Version ranges by package name.',
        example: {'@acme/logs': '^2.0.0'},
      }),
    ),
    origin: Type.Optional(Tool),
    targets: Type.Optional(
      Type.Array(Tool, {
        minItems: 1,
        maxItems: 100,
        description: 'The tools that the package is for. They must include the `origin`, if there is one.',
        example: ['claude-code', 'cursor'],
      }),
    ),
    readme: Type.Optional(
      Type.String({maxLength: 20_480, description: 'The text of the readme, at most 20 KiB.', example: '# Deploy'}),
    ),
    tag: Type.Optional(DistTagName),
    provenance: Type.Optional(
      Type.Object(
        {},
        {
          additionalProperties: true,
          description: 'An in-toto statement (SLSA provenance) with the SHA-256 of the tarball as a subject.',
          example: {_type: 'https://in-toto.io/Statement/v1', predicateType: 'https://slsa.dev/provenance/v1'},
        },
      ),
    ),
    signature: Type.Optional(Signature),
  },
  {
    title: 'PublishMetadata',
    description:
      'A version to publish. It must match the `apkg.json` in the tarball. Without `tag`, `latest` moves to the version if it is stable and the highest.',
  },
)

export const RegisterKeyRequest = fields(
  {publicKey: PublicKey, name: KeyName, proof: Type.Optional(PossessionProof)},
  {
    title: 'RegisterKeyRequest',
    description:
      'The signing key to register. Without `proof`, anyone who proves possession of the key can register it instead, until a package is signed with it.',
  },
)

export const KeyParams = Type.Object({keyId: KeyId})

export const RevokeKeyRequest = fields(
  {
    reason: KeyRevocationReason,
    message: Type.Optional(
      Type.String({
        maxLength: maxText,
        ...printableLine,
        description: 'A comment on the revocation.',
        example: 'The laptop was lost',
      }),
    ),
  },
  {title: 'RevokeKeyRequest', description: 'Why the key is revoked.'},
)

/** `name` and `proof` are additions to the original protocol. */
export const RotateKeyRequest = fields(
  {
    oldKeyId: KeyId,
    newPublicKey: PublicKey,
    attestation: RotationAttestation,
    name: Type.Optional(KeyName),
    proof: Type.Optional(PossessionProof),
  },
  {
    title: 'RotateKeyRequest',
    description:
      'The key to replace, and its successor. Without `name`, the new key keeps the name of the old one. Without `proof`, the successor must not be registered, and anyone who proves possession of it can register it instead, until a package is signed with it.',
  },
)

export const DeprecateRequest = fields(
  {
    deprecated: Type.Union([Type.String({minLength: 1, maxLength: maxText, ...printableLine}), Type.Null()], {
      description: 'Why not to use it. `null` removes the deprecation.',
      example: 'Use @acme/release instead',
    }),
  },
  {title: 'DeprecateRequest', description: 'The deprecation to set or remove.'},
)

export const DistTagRequest = fields(
  {version: VersionNumber},
  {title: 'SetDistTagRequest', description: 'The version that the dist-tag points to.'},
)

export const StatusRequest = fields(
  {
    versions: Type.Array(PackageVersion, {
      maxItems: maxStatusVersions,
      description: `The versions to look up; at most ${maxStatusVersions}.`,
    }),
  },
  {title: 'StatusRequest', description: 'The versions that are about to be installed.'},
)

export const SearchQuery = Type.Object({
  q: Type.Optional(
    Type.String({
      maxLength: 256,
      ...withoutControls,
      description: 'Words to search for; every package by default.',
      example: 'deploy',
    }),
  ),
  limit: Type.Optional(
    Type.Integer({minimum: 1, maximum: 250, description: 'How many results to return; 20 by default.', example: 20}),
  ),
  offset: Type.Optional(
    Type.Integer({minimum: 0, maximum: 100_000, description: 'How many results to skip; none by default.', example: 0}),
  ),
})

export type PublishMetadata = Type.Static<typeof PublishMetadata>
export type RegisterKeyRequest = Type.Static<typeof RegisterKeyRequest>
export type RevokeKeyRequest = Type.Static<typeof RevokeKeyRequest>
export type RotateKeyRequest = Type.Static<typeof RotateKeyRequest>
export type DeprecateRequest = Type.Static<typeof DeprecateRequest>
export type SearchQuery = Type.Static<typeof SearchQuery>
export type StepUpRequest = Type.Static<typeof StepUpRequest>
export type LoginRequest = Type.Static<typeof LoginRequest>
export type MfaChallengeRequest = Type.Static<typeof MfaChallengeRequest>
export type RefreshRequest = Type.Static<typeof RefreshRequest>
export type LogoutRequest = Type.Static<typeof LogoutRequest>
export type RevokeValuesRequest = Type.Static<typeof RevokeValuesRequest>
export type CreateTokenRequest = Type.Static<typeof CreateTokenRequest>
export type RotateTokenRequest = Type.Static<typeof RotateTokenRequest>
export type TokenListQuery = Type.Static<typeof TokenListQuery>
