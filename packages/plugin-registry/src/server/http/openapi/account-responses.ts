import {permissionCodes} from '@apkg/wire'
import {
  AddressRange,
  DistTagName,
  Integrity,
  KeyId,
  KeyName,
  KeyRevocationReason,
  Label,
  LogCursor,
  Note,
  PackageName,
  PackagePattern,
  PackageScope,
  PublicKey,
  RotationAttestation,
  Scope,
  SessionId,
  SignatureValue,
  TokenCursor,
  TokenId,
  VersionNumber,
} from '@apkg/wire/protocol'
import * as Type from 'typebox'

import {roles} from '../../store/organization-store.js'
import {nullable, stringEnum, text, timestamp} from './fields.js'
import {ProblemDetail} from './registry-responses.js'
import {VerifiedOrigin} from './publisher-responses.js'

/**
 * Responses about accounts. Every field that this registry always sends is required here. Clients require less
 * (`@apkg/wire/protocol`), so that they work with other registries.
 */
const username = text('The username.', 'acme')

export const ExpiringToken = Type.Object(
  {
    id: TokenId,
    name: Label,
    createdAt: timestamp('When it was created.'),
    expires: timestamp('When it expires.'),
  },
  {title: 'ExpiringToken', description: 'An API token that expires soon.'},
)

const expiringTokens = Type.Optional(
  Type.Array(ExpiringToken, {
    description: "The user's tokens that expire within 90 days, soonest first; at most 100.",
  }),
)

export const Session = Type.Object(
  {
    accessToken: text('The credential to send with requests.', 'apkgs_0123456789ABCDEFGHIJKLMNOPQRSTUV2nktXt'),
    refreshToken: text('Refreshes the session, once.', 'apkgr_0123456789ABCDEFGHIJKLMNOPQRSTUV3TCxst'),
    expiresIn: Type.Integer({minimum: 0, description: 'Seconds until the access token expires.', example: 3600}),
    tokenType: stringEnum(['Bearer'], {description: 'The scheme to send the access token with.'}),
    username,
    expiringTokens,
  },
  {title: 'Session', description: 'A new or refreshed session.'},
)

export const BrowserRequestResult = Type.Object(
  {
    verificationUri: text('The page to open in a browser.', 'https://registry.example.com/-/device'),
    userCode: Type.Optional(text('The code to type on the page. Absent with `loopback`.', 'WDJB-MJHT')),
    deviceCode: Type.Optional(
      text('The secret for polling. Absent with `loopback`.', 'GmRhmhcxhwAzkoEqiMEg_DnyEysNkuNhszIySk9eSxY'),
    ),
    expiresIn: Type.Integer({minimum: 1, description: 'Seconds until the request expires.', example: 600}),
    interval: Type.Optional(
      Type.Integer({minimum: 1, description: 'Seconds to wait between two polls. Absent with `loopback`.', example: 5}),
    ),
  },
  {title: 'BrowserRequestResult', description: 'A login or a confirmation that a user can decide in a browser.'},
)

export const MfaChallenge = Type.Object(
  {
    mfaRequired: Type.Literal(true),
    mfaToken: text('Identifies the login. Send it with the code.', 'q3Xn0pWc5fJm8sVt'),
    username,
  },
  {title: 'MfaChallenge', description: 'The password is correct, and the login needs a second factor.'},
)

export const LoginResult = Type.Unsafe<Type.Static<typeof Session> | Type.Static<typeof MfaChallenge>>({
  title: 'LoginResult',
  description: 'A session, or a challenge if the account has MFA.',
  oneOf: [Session, MfaChallenge],
})

const tokenScopes = Type.Array(Scope, {description: 'The scopes it has.', example: ['read', 'publish']})
const packagePatterns = Type.Array(PackagePattern, {
  description: 'The packages that it is limited to. Empty if it is not limited.',
})
const addresses = nullable(
  Type.Array(AddressRange),
  'The only addresses that it can be used from, or null if it can be used from any address.',
)
const uses = nullable(
  Type.Integer({minimum: 0, example: 1}),
  'How many changes to packages it can make, or null if there is no limit.',
)
const usesLeft = nullable(
  Type.Integer({minimum: 0, example: 1}),
  'How many uses are left, or null if there is no limit.',
)
const release = nullable(
  Type.Object(
    {version: VersionNumber, integrity: Integrity, tag: DistTagName},
    {
      title: 'TokenRelease',
      description: 'The only version that it can publish, the integrity of its tarball, and its dist-tag.',
    },
  ),
  'The only release that it can publish, or null if it is not limited to one.',
)
const organization = nullable(
  text('The name of the organization.', 'acme-labs'),
  'The organization that it belongs to, or null if it belongs to a user.',
)
const prefix = text('The first few characters of its value.', 'apkgt_012345')

export const Credential = Type.Object(
  {
    kind: stringEnum(['session', 'token'], {description: 'A session from a login, or an API token.'}),
    id: TokenId,
    label: Type.Optional(Label),
    prefix: Type.Optional(prefix),
    scopes: tokenScopes,
    packagePatterns,
    addresses: Type.Optional(addresses),
    uses: Type.Optional(uses),
    usesLeft: Type.Optional(usesLeft),
    release: Type.Optional(release),
    expires: nullable(timestamp('When it expires.'), 'When it expires, or null if it never does.'),
    isOldValue: Type.Optional(
      Type.Boolean({
        description:
          'Whether a rotation replaced this value of the token. `expires` is then when the old value stops working.',
        example: false,
      }),
    ),
    sessionExpires: Type.Optional(timestamp('When the session expires, unless its access token is refreshed before.')),
    trustedPublisher: Type.Optional(
      Type.Object(
        {id: TokenId, origin: VerifiedOrigin},
        {
          title: 'PublisherInUse',
          description: 'The trusted publisher that an exchanged token belongs to, and its job.',
        },
      ),
    ),
  },
  {
    title: 'Credential',
    description:
      'The credential in use. Only API tokens have `isOldValue`. Only tokens have a label, a prefix, `addresses`, `uses`, `usesLeft` and `release`. Only sessions have `sessionExpires`.',
  },
)

const Membership = Type.Object(
  {
    name: text('The name of the organization.', 'acme-labs'),
    role: stringEnum(roles, {
      title: 'Role',
      description:
        '`reader`: can read private packages. `publisher`: can also publish, tag and deprecate. `admin`: a publisher who manages the organization.',
    }),
  },
  {title: 'Membership', description: 'A membership in an organization.'},
)

export const User = Type.Object(
  {
    username: text(
      'The username, or the name of the trusted publisher. For a token of an organization, the user who created it.',
      'acme',
    ),
    email: text(
      'The email address of the user. Empty for a trusted publisher and for a token of an organization.',
      'acme@example.com',
    ),
    mfaEnabled: Type.Boolean({description: 'Whether logging in requires a second factor.', example: false}),
    scopes: tokenScopes,
    orgs: Type.Array(Membership, {description: 'The organizations that the user is a member of.'}),
    operator: Type.Optional(
      Type.Boolean({
        description: 'True if the credential allows operating the registry: a session of an operator.',
        example: true,
      }),
    ),
    organization: Type.Optional(text('The organization that the token belongs to.', 'acme-labs')),
    credential: Credential,
    expiringTokens,
  },
  {title: 'User', description: 'The user, or the trusted publisher, who makes the request.'},
)

const client = {
  address: text('The address of the client.', '203.0.113.7'),
  agent: nullable(text('The `User-Agent` header.', 'apkg-cli/1.0.0 linux-x64'), 'The `User-Agent` header.'),
}

export const Permission = Type.Object(
  {
    allowed: Type.Boolean({description: 'Whether the action is allowed.', example: false}),
    reasons: Type.Array(
      Type.Object(
        {
          code: stringEnum(permissionCodes, {
            title: 'PermissionCode',
            description:
              'Why it is not allowed. `SCOPE_INSUFFICIENT`: the token lacks a scope, or is limited to other packages or another release. `PACKAGE_FORBIDDEN`: the package or the version is not available to the user. `ADDRESS_REFUSED`: the token cannot be used from this address. `EXPIRES_SOON`: the credential expires too soon. `SPENT`: the token has no uses left. `VERSION_EXISTS`: the version was published before. `WOULD_CREATE_PACKAGE`: the token can publish further versions, but the package does not exist.',
          }),
          message: text('A sentence for the user.', 'The token "ci" (read) does not allow this'),
          problem: text('The error code that the request itself would get.', 'SCOPE_INSUFFICIENT'),
          details: Type.Optional(
            Type.Array(ProblemDetail, {description: 'What is wrong with each field, if any.', example: []}),
          ),
        },
        {title: 'PermissionReason', description: 'Why an action is not allowed.'},
      ),
      {description: 'Why the action is not allowed. Empty if it is.'},
    ),
    createsPackage: Type.Boolean({
      description: 'Whether publishing would create the package. Also false if the caller is not allowed to know.',
      example: false,
    }),
    expiresAt: nullable(
      timestamp('When the credential expires.'),
      'When the credential expires. Null if it never does, or cannot be used from this address.',
    ),
  },
  {title: 'Permission', description: 'Whether the credential allows an action.'},
)

const lastUsed = nullable(
  timestamp('When it was last used, accurate to the minute.'),
  'When it was last used, accurate to the minute, or null if it never was.',
)

const lastUse = nullable(
  Type.Object(
    {
      ...client,
      action: text('The operation.', 'publishPackage'),
      package: nullable(PackageName, 'The package that the request was about.'),
      refused: Type.Boolean({description: 'Whether the credential did not allow the request.', example: false}),
    },
    {title: 'TokenUse', description: 'What a token or a session was used for.'},
  ),
  'What it was last used for, accurate to the minute, or null if that is unknown.',
)

export const LoginSession = Type.Object(
  {
    id: SessionId,
    startedAt: timestamp('When the user logged in.'),
    login: nullable(
      Type.Object(client, {title: 'LoginClient', description: 'The client that logged in.'}),
      'The client that logged in, or null if it is unknown.',
    ),
    lastUsed,
    lastUse,
    expires: timestamp('When it expires if it is not refreshed.'),
    revokedAt: nullable(timestamp('When it was revoked.'), 'When it was revoked, or null.'),
    current: Type.Boolean({description: 'Whether it authenticates the request.', example: false}),
  },
  {title: 'LoginSession', description: 'A login of the user. Refreshing it does not change its ID.'},
)

export const LoginSessionList = Type.Object(
  {sessions: Type.Array(LoginSession, {description: 'Oldest first.'})},
  {title: 'LoginSessionList', description: 'The sessions of the user.'},
)

const tokenFields = {
  id: TokenId,
  name: Label,
  prefix,
  scopes: tokenScopes,
  packageScope: Type.Optional(PackageScope),
  packagePatterns,
  addresses,
  uses,
  usesLeft,
  release,
  organization,
  createdBy: text('The user who created it. `(operator)` for the operator of the registry.', 'acme'),
  expiresIn: text('The requested lifetime, or `never`.', '30d'),
  expiresAt: timestamp('When it expires. In the year 9999 if it never does.'),
  expires: nullable(timestamp('When it expires.'), 'When it expires, or null if it never does.'),
  createdAt: timestamp('When it was created.'),
  rotatedAt: Type.Optional(timestamp('When its current value was created. Absent if it was never rotated.')),
  generation: Type.Integer({minimum: 1, description: '1, and 1 more with each rotation.', example: 2}),
  lastUsed,
  lastUse,
  note: nullable(Note, 'What it is for.'),
  status: stringEnum(['active', 'suspended', 'spent', 'expired', 'revoked'], {
    title: 'TokenStatus',
    description: 'Whether it can be used. `spent`: it has no uses left.',
  }),
  valueEndedAt: nullable(
    timestamp('When its only value stopped working.'),
    'When its only value stopped working: after a rotation without a grace period whose new value was dropped. It can be rotated again. Null if it has another value.',
  ),
  suspendedAt: Type.Optional(timestamp('When it was suspended. Absent if it is not.')),
  suspensions: Type.Optional(
    Type.Array(
      Type.Object(
        {
          by: stringEnum(['owner', 'operator', 'policy', 'restore'], {
            title: 'SuspensionMaker',
            description:
              'Who can lift the suspension: the owner for `owner`, and the registry operator for the others. `restore`: the registry was restored from a backup.',
          }),
          name: nullable(text('The username.', 'acme'), 'Who made it: a username, or `(operator)`.'),
          at: timestamp('When it was made.'),
          reason: nullable(text('A comment.', 'Looks leaked'), 'A comment, or null.'),
        },
        {title: 'Suspension', description: 'A suspension of a token.'},
      ),
      {description: 'Its suspensions, oldest first. It works again once all are lifted. Absent if it has none.'},
    ),
  ),
  revokedAt: nullable(timestamp('When it was revoked.'), 'When it was revoked, or null.'),
  revokedBy: nullable(
    text('The username.', 'acme'),
    'Who revoked it: a username, or `(operator)`. Null if that is unknown, or it is not revoked.',
  ),
}

export const Token = Type.Object(tokenFields, {
  title: 'Token',
  description: 'An API token, without its value.',
})

const OldTokenValue = Type.Object(
  {
    prefix: text('Its first few characters.', 'apkgt_543210'),
    endsAt: nullable(
      timestamp('When it stops working, or stopped.'),
      'When it stops working, or stopped. Null until the new value is used.',
    ),
    lastUsed,
    lastUse,
  },
  {title: 'OldTokenValue', description: 'A value of a token that a rotation replaced.'},
)

export const TokenDetails = Type.Object(
  {
    ...tokenFields,
    oldValue: nullable(
      OldTokenValue,
      'The value that the last rotation replaced, or null if the token was never rotated.',
    ),
  },
  {title: 'TokenDetails', description: 'An API token, with the first few characters of its values.'},
)

export const CreatedToken = Type.Object(
  {
    ...tokenFields,
    token: text('The value. It cannot be retrieved later.', 'apkgt_0123456789ABCDEFGHIJKLMNOPQRSTUV1sPUSx'),
  },
  {title: 'CreatedToken', description: 'A new API token, with its value.'},
)

export const RotatedToken = Type.Object(
  {...CreatedToken.properties, oldValue: OldTokenValue},
  {title: 'RotatedToken', description: 'An API token with its new value, and the value that it replaces.'},
)

export const TokenList = Type.Object(
  {
    tokens: Type.Array(Token, {description: 'Oldest first.'}),
    nextCursor: Type.Optional(TokenCursor),
    includesEnded: Type.Optional(
      Type.Boolean({
        description: 'Whether tokens that expired or were revoked are included. Absent unless the request has `ended`.',
      }),
    ),
    organization: Type.Optional(text('The organization, if the request names one.', 'acme-labs')),
  },
  {title: 'TokenList', description: 'A page of tokens. The last page does not have a `nextCursor`.'},
)

const TokenLogEntry = Type.Object(
  {
    at: timestamp('When it happened. An entry about several uses has the time of the last one.'),
    action: text('What happened.', 'token.rotate'),
    tokenId: TokenId,
    tokenName: Label,
    actor: nullable(
      username,
      'Who did it. `(operator)`: the operator; `(registry)`: the registry itself; null: unknown.',
    ),
    credential: nullable(
      text('The ID of a session or token.', '4h455vb4pex5vsk0'),
      'What authenticated the request. Null if someone else did it.',
    ),
    address: nullable(text('An IP address.', '203.0.113.7'), 'The address of the client. Null if someone else did it.'),
    agent: nullable(text('A `User-Agent` header.', 'apkg/1.0.0'), 'The client. Null if someone else did it.'),
    target: nullable(
      text('The ID of a token, or a package.', '@acme/deploy@1.2.0'),
      'What was changed or, for a refused use, which token was used.',
    ),
    detail: Type.Record(Type.String(), Type.Unknown(), {
      description: 'Details that depend on the action.',
      example: {grace: 86_400_000},
    }),
  },
  {title: 'TokenLogEntry', description: 'An entry of the audit log about a token.'},
)

export const TokenLog = Type.Object(
  {
    entries: Type.Array(TokenLogEntry, {description: 'Newest first.'}),
    nextCursor: Type.Optional(LogCursor),
    organization: Type.Optional(text('The organization, if the request names one.', 'acme-labs')),
  },
  {title: 'TokenLog', description: 'A page of the log. The last page does not have a `nextCursor`.'},
)

export type TokenLogEntry = Type.Static<typeof TokenLogEntry>

export const algorithm = stringEnum(['ed25519'], {
  title: 'KeyAlgorithm',
  description: 'The algorithm of a signing key.',
})

export const KeyStatus = stringEnum(['active', 'retired', 'revoked'], {
  title: 'KeyStatus',
  description: '`retired`: replaced by another key.',
})

export const RegisteredKey = Type.Object(
  {keyId: KeyId, name: KeyName, algorithm, createdAt: timestamp('When it was registered.')},
  {title: 'RegisteredKey', description: 'A registered signing key.'},
)

export const Key = Type.Object(
  {
    keyId: KeyId,
    name: KeyName,
    algorithm,
    status: KeyStatus,
    createdAt: timestamp('When it was registered.'),
    revokedAt: Type.Optional(timestamp('When it was retired or revoked.')),
    publicKey: PublicKey,
    reason: Type.Optional(KeyRevocationReason),
    rotatedTo: Type.Optional(KeyId),
  },
  {title: 'Key', description: 'A signing key, as its owner sees it. `rotatedTo` is the ID of its successor.'},
)

export const KeyList = Type.Object(
  {keys: Type.Array(Key, {description: 'Oldest first.'})},
  {title: 'KeyList', description: 'The signing keys of a user.'},
)

export const RevokedKey = Type.Object(
  {keyId: KeyId, status: KeyStatus, revokedAt: timestamp('When it was revoked.')},
  {title: 'RevokedKey', description: 'A revoked signing key.'},
)

export const KeyRotation = Type.Object(
  {newKeyId: KeyId, oldKeyId: KeyId, rotatedAt: timestamp('When it was replaced.')},
  {title: 'KeyRotation', description: 'A signing key and its successor.'},
)

export const RegistryKey = Type.Object(
  {
    keyId: KeyId,
    publicKey: PublicKey,
    algorithm,
    status: KeyStatus,
    createdAt: timestamp('When it was created.'),
    expiresAt: timestamp(
      'Its attestations of versions published at this time or later are invalid. In the year 9999 for the active key.',
    ),
    rotatedFrom: Type.Optional(
      Type.Object(
        {
          keyId: KeyId,
          rotatedAt: timestamp('When it was replaced.'),
          signature: SignatureValue,
        },
        {
          title: 'RegistryKeyPredecessor',
          description: 'The key that it replaced, with the signature of that key over the rotation.',
        },
      ),
    ),
  },
  {title: 'RegistryKey', description: 'A key that the registry signs versions with.'},
)

export const RegistryKeyList = Type.Object(
  {keys: Type.Array(RegistryKey, {description: 'Newest first.'})},
  {title: 'RegistryKeyList', description: 'The signing keys of the registry.'},
)

/** A key that versions of a package are signed with, or that such a key was rotated to. */
export const Signer = Type.Object(
  {
    keyId: KeyId,
    publicKey: PublicKey,
    username: text('The owner of the key.', 'acme'),
    status: KeyStatus,
    createdAt: timestamp('When it was registered.'),
    revokedAt: Type.Optional(timestamp('When it was retired or revoked.')),
    reason: Type.Optional(KeyRevocationReason),
    rotatedTo: Type.Optional(
      Type.Object(
        {keyId: KeyId, attestation: RotationAttestation},
        {title: 'KeySuccessor', description: 'The successor of a key, attested by the key itself.'},
      ),
    ),
  },
  {title: 'Signer', description: 'A key that versions of the package are signed with, or the successor of one.'},
)

export type Session = Type.Static<typeof Session>
export type MfaChallenge = Type.Static<typeof MfaChallenge>
export type BrowserRequestResult = Type.Static<typeof BrowserRequestResult>
export type LoginSession = Type.Static<typeof LoginSession>
export type ExpiringToken = Type.Static<typeof ExpiringToken>
export type LoginResult = Type.Static<typeof LoginResult>
export type Credential = Type.Static<typeof Credential>
export type TokenDetails = Type.Static<typeof TokenDetails>
export type Token = Type.Static<typeof Token>
export type Key = Type.Static<typeof Key>
export type RegistryKey = Type.Static<typeof RegistryKey>
export type Signer = Type.Static<typeof Signer>
