import * as Type from 'typebox'

/**
 * Schemas of responses.
 *
 * They require only what the protocol requires: unknown fields are allowed, and a field that the original client
 * accepts as absent or null is optional and nullable. Our own registry is stricter about what it sends.
 */
const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])

const optionalText = Type.Optional(nullable(Type.String()))

/** Visible ASCII only, which is safe in headers and on terminals. */
const CredentialValue = Type.String({pattern: '^[\\x21-\\x7E]+$'})
/**
 * A restriction that the client parses itself, because it has to revoke a new token whose restrictions it can't parse.
 */
const restriction = Type.Optional(Type.Unknown())

const list = <T extends Type.TSchema>(schema: T) => Type.Optional(Type.Array(schema))

/** A token of the user that expires soon. */
export const ExpiringToken = Type.Object({
  id: Type.String(),
  name: Type.String(),
  createdAt: Type.String(),
  expires: Type.String({description: 'RFC 3339'}),
})

export const LoginResponse = Type.Object({
  accessToken: Type.Optional(nullable(CredentialValue)),
  refreshToken: Type.Optional(nullable(CredentialValue)),
  expiresIn: Type.Optional(nullable(Type.Integer({description: 'Seconds until the access token expires'}))),
  tokenType: Type.Optional(nullable(Type.String())),
  username: Type.Optional(nullable(Type.String())),
  mfaRequired: Type.Optional(nullable(Type.Boolean())),
  mfaToken: Type.Optional(nullable(Type.String())),
  expiringTokens: list(ExpiringToken),
})

export const SessionResponse = Type.Object({
  accessToken: CredentialValue,
  refreshToken: CredentialValue,
  expiresIn: Type.Integer({description: 'Seconds until the access token expires'}),
  tokenType: Type.String(),
  username: Type.Optional(nullable(Type.String())),
  expiringTokens: list(ExpiringToken),
})

/** A login or a confirmation that waits for the user's decision in a browser. */
export const BrowserRequestResponse = Type.Object({
  verificationUri: Type.String({description: 'The page to open'}),
  userCode: Type.Optional(nullable(Type.String({description: 'The code to type on the page'}))),
  deviceCode: Type.Optional(nullable(Type.String({description: 'The secret for polling'}))),
  expiresIn: Type.Integer({minimum: 1, description: 'Seconds'}),
  interval: Type.Optional(nullable(Type.Integer({minimum: 1, description: 'Seconds between two polls'}))),
})

/** The CI job that published a version, as the registry read it from the verified claims of its ID token. */
export const VerifiedOrigin = Type.Object({
  provider: Type.String({description: '`github`, `gitlab` or `oidc`'}),
  issuer: Type.String(),
  subject: Type.String({description: 'The claim `sub`'}),
  repository: optionalText,
  repositoryId: optionalText,
  commit: optionalText,
  ref: optionalText,
  workflow: Type.Optional(nullable(Type.String({description: 'The file, with its repository and ref'}))),
  run: Type.Optional(nullable(Type.String({description: 'A URL'}))),
  environment: optionalText,
})

/** The credential that a request was made with. */
export const CredentialInUse = Type.Object({
  kind: Type.Union([Type.Literal('session'), Type.Literal('token')]),
  id: Type.String(),
  label: Type.Optional(nullable(Type.String())),
  prefix: Type.Optional(nullable(Type.String())),
  scopes: list(Type.String()),
  packagePatterns: list(Type.String()),
  expires: Type.Optional(nullable(Type.String({description: 'RFC 3339, or null for never'}))),
  isOldValue: Type.Optional(nullable(Type.Boolean({description: 'Whether a rotation replaced this value'}))),
  sessionExpires: Type.Optional(
    nullable(Type.String({description: 'RFC 3339; when a session ends unless it is refreshed before'})),
  ),
  addresses: restriction,
  uses: restriction,
  usesLeft: restriction,
  release: restriction,
  /** The trusted publisher and its job, if the token was exchanged for an ID token. */
  trustedPublisher: Type.Optional(nullable(Type.Object({id: Type.String(), origin: VerifiedOrigin}))),
})

export const WhoamiResponse = Type.Object({
  username: Type.String(),
  email: Type.String(),
  mfaEnabled: Type.Optional(nullable(Type.Boolean())),
  scopes: list(Type.String()),
  orgs: list(Type.Object({name: Type.String(), role: Type.String()})),
  operator: Type.Optional(nullable(Type.Boolean())),
  organization: Type.Optional(nullable(Type.String({description: 'The organization that the token belongs to'}))),
  credential: Type.Optional(nullable(CredentialInUse)),
  expiringTokens: list(ExpiringToken),
})

/** A token works once all its suspensions are lifted. */
export const Suspension = Type.Object({
  by: Type.String({description: 'Who can lift it: `owner`, or the operator for `operator`, `policy` and `restore`'}),
  name: Type.Optional(nullable(Type.String({description: 'Who made it'}))),
  at: Type.String({description: 'RFC 3339'}),
  reason: Type.Optional(nullable(Type.String())),
})

const ProblemDetail = Type.Object({
  field: Type.Optional(nullable(Type.String())),
  message: Type.String(),
  code: Type.Optional(nullable(Type.String())),
})

/** Whether the credential in use allows something. */
export const PermissionResponse = Type.Object({
  allowed: Type.Boolean(),
  reasons: Type.Array(
    Type.Object({
      code: Type.String({description: 'Such as `SCOPE_INSUFFICIENT`'}),
      message: Type.String(),
      problem: Type.Optional(nullable(Type.String({description: 'The code that the request itself would get'}))),
      details: list(ProblemDetail),
    }),
  ),
  createsPackage: Type.Optional(nullable(Type.Boolean())),
  expiresAt: Type.Optional(nullable(Type.String({description: 'RFC 3339, or null for never'}))),
})

const tokenFields = {
  id: Type.String(),
  name: Type.String({description: 'The label'}),
  scopes: Type.Array(Type.String()),
  packageScope: Type.Optional(nullable(Type.String({description: 'The package patterns, separated by commas'}))),
  packagePatterns: list(Type.String()),
  expiresAt: Type.String({description: 'RFC 3339; far in the future for never'}),
  expires: Type.Optional(nullable(Type.String({description: 'RFC 3339, or null for never'}))),
  createdAt: Type.String(),
  rotatedAt: Type.Optional(nullable(Type.String({description: 'RFC 3339; when the current value was created'}))),
  prefix: Type.Optional(nullable(Type.String({description: 'The first few characters of the value'}))),
  note: Type.Optional(nullable(Type.String())),
  addresses: restriction,
  uses: restriction,
  usesLeft: restriction,
  release: restriction,
  organization: restriction,
  createdBy: Type.Optional(nullable(Type.String({description: 'A username; `(operator)` for the operator'}))),
  status: Type.Optional(nullable(Type.String({description: '`active`, `suspended`, `spent`, `expired` or `revoked`'}))),
  valueEndedAt: Type.Optional(
    nullable(Type.String({description: 'RFC 3339; since when it has no working value, until it is rotated'})),
  ),
  suspendedAt: Type.Optional(nullable(Type.String({description: 'RFC 3339; rejected from then on, until resumed'}))),
  suspensions: Type.Optional(nullable(Type.Array(Suspension))),
  revokedAt: Type.Optional(nullable(Type.String({description: 'RFC 3339'}))),
  revokedBy: Type.Optional(nullable(Type.String({description: 'A username; `(operator)` for the operator'}))),
  generation: Type.Optional(nullable(Type.Integer({description: '1, and 1 more with each rotation'}))),
}

/** What a token was last used for. */
export const TokenUse = Type.Object({
  address: Type.String(),
  agent: Type.Optional(nullable(Type.String({description: 'The `User-Agent` header'}))),
  action: Type.String({description: 'The name of the endpoint'}),
  package: Type.Optional(nullable(Type.String())),
  refused: Type.Optional(nullable(Type.Boolean({description: 'Whether the credential did not allow the request'}))),
})

export const TokenSummary = Type.Object({
  ...tokenFields,
  expiresIn: Type.String({description: 'The lifetime as requested'}),
  lastUsed: Type.Optional(nullable(Type.String())),
  lastUse: Type.Optional(nullable(TokenUse)),
})

const oldValue = Type.Optional(
  nullable(
    Type.Object(
      {
        prefix: Type.String(),
        endsAt: Type.Optional(nullable(Type.String({description: 'RFC 3339; null until the new value is used'}))),
        lastUsed: Type.Optional(nullable(Type.String())),
        lastUse: Type.Optional(nullable(TokenUse)),
      },
      {description: 'The value that the last rotation replaced'},
    ),
  ),
)

/** A token, and what the registry knows about its values. It omits what it doesn't know. */
export const TokenDetails = Type.Object({
  ...TokenSummary.properties,
  oldValue,
})

/** A login of the user. */
export const SessionSummary = Type.Object({
  id: Type.String(),
  startedAt: Type.String({description: 'RFC 3339'}),
  login: Type.Optional(
    nullable(
      Type.Object({
        address: Type.String(),
        agent: Type.Optional(nullable(Type.String({description: 'The `User-Agent` header'}))),
      }),
    ),
  ),
  lastUsed: Type.Optional(nullable(Type.String())),
  lastUse: Type.Optional(nullable(TokenUse)),
  expires: Type.String({description: 'RFC 3339'}),
  revokedAt: Type.Optional(nullable(Type.String({description: 'RFC 3339'}))),
  current: Type.Boolean({description: 'Whether the request was made with it'}),
})

export const SessionList = Type.Object({sessions: Type.Array(SessionSummary)})

export const CreatedTokenResponse = Type.Object({
  ...tokenFields,
  /** The value. No other response contains it. */
  token: CredentialValue,
  expiresIn: Type.Optional(nullable(Type.String())),
})

export const RotatedTokenResponse = Type.Object({...CreatedTokenResponse.properties, oldValue})

const member = {user: Type.String({description: 'A username'}), role: Type.String()}

export const MemberList = Type.Object({organization: Type.String(), members: Type.Array(Type.Object(member))})

export const ChangedMember = Type.Object({
  organization: Type.String(),
  ...member,
  outcome: Type.String({description: '`added`, `changed` or `unchanged`'}),
})

const leftStatus = Type.String({description: '`suspended`, `already` or `kept`'})

/** A removed member, and what stays of the access that the user created for the organization. */
export const RemovedMember = Type.Object({
  organization: Type.String(),
  user: Type.String(),
  tokens: Type.Array(Type.Object({id: Type.String(), name: Type.String(), status: leftStatus})),
  trustedPublishers: Type.Array(
    Type.Object({id: Type.String(), name: Type.String(), package: Type.String(), status: leftStatus}),
  ),
})

/** A project whose jobs can publish a package, or the packages of a scope. */
export const TrustedPublisher = Type.Object({
  id: Type.String(),
  name: Type.String({description: 'The provider and the project, such as `github:acme/tool`'}),
  package: Type.String({description: 'A package, or `@acme/*`'}),
  provider: Type.String({description: '`github`, `gitlab` or `oidc`'}),
  issuer: Type.String(),
  claims: Type.Record(Type.String(), Type.String({description: 'The required value'})),
  workflow: optionalText,
  events: Type.Optional(nullable(Type.Array(Type.String()))),
  status: Type.String({description: '`active`, `pending` (not used yet), `expired` or `suspended`'}),
  createdAt: Type.String({description: 'RFC 3339'}),
  createdBy: Type.Optional(nullable(Type.String({description: 'A username'}))),
  pinnedAt: Type.Optional(nullable(Type.String({description: 'RFC 3339; when the IDs of its project were recorded'}))),
  pendingUntil: Type.Optional(nullable(Type.String({description: 'RFC 3339; when it expires without an exchange'}))),
  lastUsedAt: Type.Optional(nullable(Type.String({description: 'RFC 3339, the time of the last exchange'}))),
})

export const TrustedPublisherList = Type.Object({
  publishers: Type.Array(TrustedPublisher),
  /** The scopes that only their trusted publishers can change, such as `@acme/*`. */
  required: list(Type.String()),
})

export const TrustedPublishingRequirement = Type.Object({package: Type.String(), required: Type.Boolean()})

export const TokenPage = Type.Object({
  tokens: Type.Array(TokenSummary),
  nextCursor: Type.Optional(nullable(Type.String({description: 'Opaque; absent on the last page'}))),
  includesEnded: Type.Optional(
    nullable(Type.Boolean({description: 'Whether tokens that expired or were revoked are in the list'})),
  ),
  organization: Type.Optional(nullable(Type.String({description: 'The organization that the tokens belong to'}))),
})

/** Newest first. An entry is about a token of the user, or about what it was used for. */
export const TokenLogPage = Type.Object({
  entries: Type.Array(
    Type.Object({
      at: Type.String({description: 'RFC 3339'}),
      action: Type.String({description: 'Such as `token.rotate`'}),
      tokenId: Type.String(),
      tokenName: Type.Optional(nullable(Type.String({description: 'The label'}))),
      actor: Type.Optional(nullable(Type.String({description: 'A username; `(operator)` for the operator'}))),
      credential: Type.Optional(nullable(Type.String({description: 'The ID of a session or token of the user'}))),
      address: Type.Optional(nullable(Type.String())),
      agent: Type.Optional(nullable(Type.String())),
      target: Type.Optional(nullable(Type.String({description: 'The ID of a token, or a package'}))),
      detail: Type.Optional(nullable(Type.Record(Type.String(), Type.Unknown()))),
    }),
  ),
  nextCursor: Type.Optional(nullable(Type.String({description: 'Opaque; absent on the last page'}))),
  organization: Type.Optional(nullable(Type.String({description: 'The organization that the tokens belong to'}))),
})

/**
 * A signature over a version, with everything that was signed. That distinguishes a signature that was made for
 * something else from an invalid one.
 */
export const Attestation = Type.Object({
  kind: Type.String({description: '`author`, `registry` or `trusted-publisher`; clients ignore other kinds'}),
  keyId: Type.String(),
  signature: Type.String({description: 'base64'}),
  name: Type.String(),
  version: Type.String(),
  integrity: Type.String(),
  registry: Type.Optional(nullable(Type.String({description: 'For `author`: the registry that it was signed for'}))),
  publishedAt: Type.Optional(nullable(Type.String({description: 'Except for `author`: RFC 3339'}))),
  signer: Type.Optional(nullable(Type.String({description: "For `registry`: the ID of the author's key, or empty"}))),
})

/** A key that versions of a package are signed with, or a successor of such a key. */
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

/** One version in a packument, and the response to its deprecation or to yanking it. */
export const VersionMetadata = Type.Object({
  version: Type.String(),
  type: optionalText,
  description: optionalText,
  dist: Type.Optional(
    nullable(
      Type.Object({
        /** The URL of the tarball, for the original client. apkg builds its own URL and never uses this one. */
        tarball: Type.String(),
        integrity: Type.String({description: '`sha256-` and base64'}),
        signatures: list(Type.Object({keyId: Type.String(), signature: Type.String({description: 'base64'})})),
        /** What apkg verifies. `signatures` cover only the integrity, and are for the original client. */
        attestations: list(Attestation),
        size: Type.Optional(nullable(Type.Integer({description: 'Bytes of the tarball'}))),
        unpackedSize: Type.Optional(nullable(Type.Integer({description: 'Bytes of the files in it'}))),
        fileCount: Type.Optional(nullable(Type.Integer())),
      }),
    ),
  ),
  publishedAt: optionalText,
  publishedBy: Type.Optional(nullable(Type.Object({username: Type.String()}))),
  trustedPublisher: Type.Optional(nullable(VerifiedOrigin)),
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

/** Everything that a registry publishes about a package. */
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

export const RegisteredKeyResponse = Type.Object({
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
      rotatedTo: Type.Optional(nullable(Type.String({description: "The successor's ID"}))),
    }),
  ),
})

export const RevokedKeyResponse = Type.Object({keyId: Type.String(), status: Type.String(), revokedAt: Type.String()})

export const RotatedKeyResponse = Type.Object({
  newKeyId: Type.String(),
  oldKeyId: Type.String(),
  rotatedAt: Type.String(),
})

const PolicyLifetime = Type.Optional(nullable(Type.String({pattern: '^[1-9]\\d{0,6}[mhdwy]$'})))

/** A missing field means no limit. */
export const PolicyResponse = Type.Object({
  maxTokenLifetime: PolicyLifetime,
  defaultTokenLifetime: PolicyLifetime,
  maxTokens: Type.Optional(nullable(Type.Integer())),
  browserLogin: Type.Optional(nullable(Type.Boolean({description: 'Whether you can log in with a browser'}))),
  confirmAfter: Type.Optional(nullable(Type.Integer({description: 'In seconds; 0 for never'}))),
  idempotencyWindow: Type.Optional(
    nullable(
      Type.Integer({description: 'How long an `Idempotency-Key` is valid, in seconds. Absent: it has no effect'}),
    ),
  ),
})

/** The registry's own keys. */
export const SigningKeyList = Type.Object({
  keys: Type.Array(
    Type.Object({
      keyId: Type.String(),
      publicKey: Type.String({description: 'base64 of 32 raw bytes, or of a SubjectPublicKeyInfo'}),
      algorithm: Type.String(),
      status: Type.String({description: '`active`, `retired` (by rotation) or `revoked` (as compromised)'}),
      createdAt: Type.String(),
      expiresAt: Type.String({description: 'RFC 3339; attestations with this or a later `publishedAt` are invalid'}),
      rotatedFrom: Type.Optional(
        nullable(
          Type.Object(
            {keyId: Type.String(), rotatedAt: Type.String(), signature: Type.String({description: 'base64'})},
            {description: 'The predecessor, and its signature over the rotation statement'},
          ),
        ),
      ),
    }),
  ),
})

export const PublishResponse = Type.Object({
  name: Type.String(),
  version: Type.String(),
  integrity: optionalText,
  publishedAt: optionalText,
  /** Whether the registry already had this version with the same bytes. */
  identical: Type.Optional(nullable(Type.Boolean())),
  tag: optionalText,
  /** The ID of the author's key that the version is signed with. */
  signer: optionalText,
  /** The path of the version's page, to be appended to the registry's URL. */
  page: optionalText,
})

/** What an installation must know about versions, even if they are cached. Versions without findings are omitted. */
export const StatusResponse = Type.Object({
  /** Versions that were taken down. */
  takenDown: Type.Array(
    Type.Object({
      version: Type.String({description: '`@scope/name@version`'}),
      reason: optionalText,
      at: Type.Optional(nullable(Type.String({description: 'RFC 3339'}))),
    }),
  ),
  /** Versions that are deprecated, or whose package is. */
  deprecated: Type.Array(
    Type.Object({version: Type.String({description: '`@scope/name@version`'}), message: Type.String()}),
  ),
  /** Versions that were yanked: `@scope/name@version`. Older registries don't send it. */
  yanked: list(Type.String()),
  /** Versions that are signed with a key that was revoked as compromised, whenever they were published. */
  compromised: Type.Array(
    Type.Object({
      version: Type.String({description: '`@scope/name@version`'}),
      keyId: Type.String(),
      revokedAt: optionalText,
    }),
  ),
  /** Versions that do not exist, or that the caller cannot read. */
  unknown: Type.Array(Type.String({description: '`@scope/name@version`'})),
})

export const DistTagResponse = Type.Object({tag: Type.String(), version: Type.String()})

export const ProvenanceResponse = Type.Object({}, {description: 'An in-toto statement'})

const nextCursor = Type.Optional(nullable(Type.String({description: 'Opaque; absent on the last page'})))

const searchResult = {
  name: Type.String(),
  version: optionalText,
  description: optionalText,
  keywords: Type.Optional(nullable(Type.Array(Type.String()))),
  type: optionalText,
  origin: optionalText,
  targets: Type.Optional(nullable(Type.Array(Type.String()))),
  publisher: Type.Optional(nullable(Type.Object({username: Type.String()}))),
  deprecated: optionalText,
}

export const SearchResponse = Type.Object({
  results: Type.Array(Type.Object(searchResult)),
  total: Type.Integer(),
  nextCursor,
})

/** Downloads from this registry, without those that a cache answered. */
export const DownloadsResponse = Type.Object({
  name: Type.String(),
  /** Each of 7 days in UTC; the last one ends today. */
  weeks: Type.Array(Type.Object({from: Type.String(), to: Type.String(), downloads: Type.Integer()})),
})

export const MostInstalledResponse = Type.Object({
  /** How many days the downloads are of. */
  days: Type.Integer(),
  packages: Type.Array(Type.Object({...searchResult, downloads: Type.Integer()})),
})

/** Packages whose `latest` version depends on a package, by name. */
export const DependentsResponse = Type.Object({
  name: Type.String(),
  dependents: Type.Array(Type.Object({name: Type.String(), range: Type.String()})),
  nextCursor,
})

/** What the caller can see of a user or an organization. */
export const ScopeResponse = Type.Object({
  scope: Type.String(),
  kind: Type.String({description: '`user` or `organization`'}),
  packages: Type.Array(Type.Object(searchResult)),
  nextCursor,
  /** The signing keys of a user. */
  keys: list(Signer),
})

export const HealthResponse = Type.Object({status: Type.Literal('ok'), version: Type.String()})

export const ProblemResponse = Type.Object({
  type: Type.Optional(Type.String()),
  title: Type.Optional(Type.String()),
  status: Type.Optional(Type.Integer()),
  detail: Type.Optional(Type.String()),
  error: Type.Object({
    code: Type.String(),
    message: Type.String(),
    details: list(ProblemDetail),
    requestId: Type.Optional(nullable(Type.String())),
  }),
})

export type LoginResponse = Type.Static<typeof LoginResponse>
export type BrowserRequestResponse = Type.Static<typeof BrowserRequestResponse>
export type SessionResponse = Type.Static<typeof SessionResponse>
export type ExpiringToken = Type.Static<typeof ExpiringToken>
export type WhoamiResponse = Type.Static<typeof WhoamiResponse>
export type PermissionResponse = Type.Static<typeof PermissionResponse>
export type CredentialInUse = Type.Static<typeof CredentialInUse>
export type TokenSummary = Type.Static<typeof TokenSummary>
export type TokenDetails = Type.Static<typeof TokenDetails>
export type SessionSummary = Type.Static<typeof SessionSummary>
export type CreatedTokenResponse = Type.Static<typeof CreatedTokenResponse>
export type RotatedTokenResponse = Type.Static<typeof RotatedTokenResponse>
export type VerifiedOrigin = Type.Static<typeof VerifiedOrigin>
export type TrustedPublisher = Type.Static<typeof TrustedPublisher>
export type TrustedPublisherList = Type.Static<typeof TrustedPublisherList>
export type TokenLogPage = Type.Static<typeof TokenLogPage>
export type TokenPage = Type.Static<typeof TokenPage>
export type VersionMetadata = Type.Static<typeof VersionMetadata>
export type Packument = Type.Static<typeof Packument>
export type Attestation = Type.Static<typeof Attestation>
export type Signer = Type.Static<typeof Signer>
export type KeyList = Type.Static<typeof KeyList>
export type PolicyResponse = Type.Static<typeof PolicyResponse>
export type SigningKeyList = Type.Static<typeof SigningKeyList>
export type StatusResponse = Type.Static<typeof StatusResponse>
export type PublishResponse = Type.Static<typeof PublishResponse>
export type SearchResponse = Type.Static<typeof SearchResponse>
export type ProblemResponse = Type.Static<typeof ProblemResponse>
