import * as Type from 'typebox'

import {maxAddressRanges} from '../address-range.js'
import {maxLeakedValueLength, maxLeakedValues, maxLeakNoteLength} from '../leaked-values.js'
import {maxPermissionTtl} from '../permission.js'
import {maxUses} from '../scopes.js'
import {maxStatusVersions} from '../status-versions.js'
import {defaultPublisherEvents, maxClaimLength, maxIdTokenLength, maxPublisherClaims} from '../trusted-publishing.js'
import {
  AddressRange,
  DistTagName,
  Grace,
  IdempotencyKey,
  Instant,
  Integrity,
  KeyId,
  KeyName,
  KeyRevocationReason,
  Label,
  Lifetime,
  LogCursor,
  Note,
  OrganizationName,
  OrganizationRole,
  PackageAction,
  PackageCursor,
  PackageName,
  PackageScope,
  PackageType,
  PackageVersion,
  PossessionProof,
  printableLine,
  PublicKey,
  PublisherPackage,
  PublisherProvider,
  RotationAttestation,
  type Rules,
  Scope,
  ScopePattern,
  SearchCursor,
  SessionId,
  Signature,
  SuspensionReason,
  TokenCursor,
  TokenId,
  TokenIdStart,
  TokenSelector,
  Tool,
  Username,
  VersionNumber,
  Visibility,
  withoutControls,
} from './values.js'

/**
 * Builds the schema of a request body, or of an object in one.
 *
 * Unknown fields are ignored, with two exceptions: `__proto__` and `constructor` could pollute prototypes, and
 * `CreateTokenRequest` rejects all unknown fields, so that a registry never drops a restriction that it doesn't
 * support.
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
  {title: 'StepUpRequest', description: "The user's password and second factor."},
)

const codeChallengeLength = 43

export const BrowserRequest = fields(
  {
    loopback: Type.Optional(
      fields(
        {
          redirectUri: Type.String({
            maxLength: 64,
            pattern: '^http://(?:127\\.0\\.0\\.1|\\[::1\\]):[1-9][0-9]{0,4}/callback$',
            fault: 'must be http://127.0.0.1:<port>/callback or http://[::1]:<port>/callback',
            description: 'Where the client listens for the authorization code, on the machine with the browser.',
            example: 'http://127.0.0.1:49152/callback',
          }),
          codeChallenge: Type.String({
            pattern: `^[A-Za-z0-9_-]{${codeChallengeLength}}$`,
            fault: 'must be the SHA-256 of the code verifier, as base64url',
            description: 'The S256 challenge of PKCE (RFC 7636).',
            example: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
          }),
          state: Type.String({
            pattern: '^[A-Za-z0-9_-]{16,128}$',
            fault: 'must be 16 to 128 characters of base64url',
            description: 'A random value that the redirect returns.',
            example: 'af0ifjsldkj34lk2',
          }),
        },
        {title: 'LoopbackRequest', description: 'How a client on the machine with the browser gets the result.'},
      ),
    ),
  },
  {
    title: 'BrowserRequest',
    description:
      'How the client learns what the user decided. Without `loopback`, it polls, and the user types a code (RFC 8628).',
  },
)

export const BrowserProof = fields(
  {
    deviceCode: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 256,
        description: 'The `deviceCode` of the request.',
        example: 'GmRhmhcxhwAzkoEqiMEg_DnyEysNkuNhszIySk9eS',
      }),
    ),
    code: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 256,
        description: 'The authorization code that the browser delivered.',
        example: 'SplxlOBeZQQYbYS6WxSbIA',
      }),
    ),
    codeVerifier: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9._~-]{43,128}$',
        fault: 'must be 43 to 128 unreserved characters',
        description: 'The code verifier of PKCE. Required with `code`.',
        example: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
      }),
    ),
  },
  {title: 'BrowserProof', description: 'A device code; or an authorization code with its code verifier.'},
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
    addresses: Type.Optional(
      Type.Union([Type.Array(AddressRange, {minItems: 1, maxItems: maxAddressRanges}), Type.Null()], {
        description: 'The only addresses that the token can be used from. By default, any address.',
      }),
    ),
    uses: Type.Optional(
      Type.Union([Type.Integer({minimum: 1, maximum: maxUses, example: 1}), Type.Null()], {
        description: 'How many changes to packages the token can make. By default, there is no limit.',
      }),
    ),
    release: Type.Optional(
      Type.Union(
        [
          Type.Object(
            {version: VersionNumber, integrity: Integrity, tag: Type.Optional(DistTagName)},
            {title: 'ReleaseRequest', description: 'A release of a package.', additionalProperties: false},
          ),
          Type.Null(),
        ],
        {
          description:
            'Limits the token to publishing this version with these bytes, without provenance and with this dist-tag (`latest` by default). `packageScope` must be its package, and `scopes` some of `publish:new`, `publish:update` and `tag`.',
        },
      ),
    ),
    organization: Type.Optional(
      Type.Union([OrganizationName, Type.Null()], {
        description: 'The organization that the token belongs to. By default, it belongs to the user.',
      }),
    ),
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

export const SuspendTokenRequest = fields(
  {reason: Type.Optional(SuspensionReason)},
  {title: 'SuspendTokenRequest', description: 'Why the token is suspended.'},
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

/** Limits a request to the tokens of an organization. */
const ofOrganization = {organization: Type.Optional(OrganizationName)}

export const TokenListQuery = Type.Object({
  ...ofOrganization,
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
      description: 'Whether to include tokens that expired or were revoked. Defaults to false.',
      example: true,
    }),
  ),
})

export const SessionListQuery = Type.Object({
  ended: Type.Optional(
    Type.Boolean({
      description: 'Whether to include sessions that expired or were revoked recently. Defaults to false.',
      example: true,
    }),
  ),
})

export const SessionParams = Type.Object({id: SessionId})

/** Of a request to an endpoint that is `idempotent`. */
export const IdempotencyHeaders = Type.Object({'idempotency-key': Type.Optional(IdempotencyKey)})

export const PermissionRequest = fields(
  {
    action: PackageAction,
    package: PackageName,
    version: Type.Optional(VersionNumber),
    integrity: Type.Optional(Integrity),
    tag: Type.Optional(DistTagName),
    visibility: Type.Optional(Visibility),
    provenance: Type.Optional(
      Type.Boolean({description: 'Whether the version to publish comes with a provenance statement.'}),
    ),
    minTtl: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: maxPermissionTtl,
        description: 'How long the credential has to stay valid, in seconds.',
        example: 1200,
      }),
    ),
  },
  {
    title: 'PermissionRequest',
    description:
      'What to use the credential for. Without `version`, any version is meant. `integrity`, `tag`, `visibility` and `provenance` are those of a version to publish.',
  },
)

export const TokenDetailsQuery = Type.Object(ofOrganization)

export const TokenLogQuery = Type.Object({
  ...ofOrganization,
  token: Type.Optional(TokenId),
  since: Type.Optional(Instant),
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 1000,
      description: 'How many entries a page holds; 100 by default.',
      example: 50,
    }),
  ),
  cursor: Type.Optional(LogCursor),
})

export const TokenParams = Type.Object({id: TokenIdStart})

export const TokenDetailsParams = Type.Object({id: TokenSelector})

/** The registry refuses claims that have their own field or rule. */
const Claims = Type.Record(Type.String(), Type.String({minLength: 1, maxLength: maxClaimLength, ...printableLine}), {
  minProperties: 1,
  maxProperties: maxPublisherClaims,
  propertyNames: {
    pattern: '^(?!(?:__proto__|constructor)$)[A-Za-z_][A-Za-z0-9_.:/-]{0,127}$',
    fault: 'is not a valid claim name',
  },
  description:
    'Claims of the ID token, with their exact values. They must identify a project: by `repository`, `repository_id` or `sub` on GitHub, by `project_path`, `project_id` or `sub` on GitLab, and by `sub` elsewhere.',
  example: {repository: 'acme/deploy', environment: 'release'},
})

export const AddTrustedPublisherRequest = Type.Object(
  {
    package: PublisherPackage,
    provider: PublisherProvider,
    issuer: Type.Optional(
      Type.String({
        maxLength: 512,
        ...printableLine,
        description: 'The `iss` of the ID tokens. Defaults to that of github.com or gitlab.com.',
        example: 'https://gitlab.example.com',
      }),
    ),
    claims: Claims,
    workflow: Type.Optional(
      Type.String({
        maxLength: 256,
        pattern: '^[A-Za-z0-9._-]+\\.ya?ml$',
        fault: 'must be the name of a file in .github/workflows, such as publish.yml',
        description: 'The name of the workflow file in `.github/workflows`. Only for GitHub.',
        example: 'publish.yml',
      }),
    ),
    events: Type.Optional(
      Type.Array(Type.String({pattern: '^[a-z_]{1,64}$', fault: 'must be the name of an event', example: 'release'}), {
        minItems: 1,
        maxItems: 20,
        description: `The events that can start the workflow. Only for GitHub. By default, ${defaultPublisherEvents.map((event) => `\`${event}\``).join(', ')}. Events of pull requests and \`workflow_run\` are refused.`,
        example: ['release'],
      }),
    ),
  },
  {
    title: 'AddTrustedPublisherRequest',
    description: 'The trusted publisher to add: a project whose jobs can publish without a stored secret.',
    additionalProperties: false,
  },
)

export const OrganizationParams = Type.Object({organization: OrganizationName})

export const MemberParams = Type.Object({organization: OrganizationName, user: Username})

export const SetMemberRequest = Type.Object(
  {role: OrganizationRole},
  {title: 'SetMemberRequest', description: "The member's role.", additionalProperties: false},
)

export const RemoveMemberQuery = Type.Object({
  keepAccess: Type.Optional(
    Type.Boolean({
      description:
        'Whether the tokens and trusted publishers that the user created for the organization keep working. By default, they are suspended, because the user may know or control them.',
    }),
  ),
})

export const TrustedPublisherParams = Type.Object({id: TokenId})

export const RequireTrustedPublishingRequest = Type.Object(
  {
    package: ScopePattern,
    required: Type.Boolean({description: 'Whether only trusted publishers can change its packages.', example: true}),
  },
  {
    title: 'RequireTrustedPublishingRequest',
    description: 'Whether only trusted publishers can change the packages of a scope.',
    additionalProperties: false,
  },
)

export const ExchangeIdTokenRequest = Type.Object(
  {
    token: Type.String({
      minLength: 1,
      maxLength: maxIdTokenLength,
      description: 'An ID token of the job, with the URL of the registry as its only audience.',
      example: 'eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlLmNvbSJ9.c2lnbmF0dXJl',
    }),
    package: Type.Optional(PublisherPackage),
  },
  {
    title: 'ExchangeIdTokenRequest',
    description:
      'An ID token, and the package to publish. The package is required if the project is a trusted publisher of several packages. `@acme/*` is enough to read the packages of a scope.',
    additionalProperties: false,
  },
)

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

export const YankRequest = fields(
  {yanked: Type.Boolean({description: '`false` undoes it.', example: true})},
  {title: 'YankRequest', description: 'Whether the version is yanked.'},
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
  cursor: Type.Optional(SearchCursor),
})

const maxListed = 250

/** A page of a list of packages, sorted by name. */
const packagePage = {
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: maxListed,
      description: 'How many packages to return; 50 by default.',
      example: 50,
    }),
  ),
  cursor: Type.Optional(PackageCursor),
}

export const DependentsQuery = Type.Object(packagePage)

export const ScopeParams = Type.Object({scope: Username})

export const ScopeQuery = Type.Object(packagePage)

export const MostInstalledQuery = Type.Object({
  limit: Type.Optional(
    Type.Integer({minimum: 1, maximum: 50, description: 'How many packages to return; 10 by default.', example: 10}),
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
export type PermissionRequest = Type.Static<typeof PermissionRequest>
export type AddTrustedPublisherRequest = Type.Static<typeof AddTrustedPublisherRequest>
export type ExchangeIdTokenRequest = Type.Static<typeof ExchangeIdTokenRequest>
export type TokenListQuery = Type.Static<typeof TokenListQuery>
export type BrowserRequest = Type.Static<typeof BrowserRequest>
export type BrowserProof = Type.Static<typeof BrowserProof>
