import {
  KeyId,
  KeyName,
  KeyRevocationReason,
  Label,
  Note,
  PackageName,
  PackagePattern,
  PackageScope,
  PublicKey,
  RotationAttestation,
  Scope,
  SignatureValue,
  TokenCursor,
  TokenId,
} from '@apkg/wire/protocol'
import * as Type from 'typebox'

import {roles} from '../../store/organization-store.js'
import {nullable, stringEnum, text, timestamp} from './fields.js'

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
    description: 'The tokens of the user that expire within 90 days, the soonest first; at most 100.',
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
const prefix = text('The first few characters of its value.', 'apkgt_012345')

export const Credential = Type.Object(
  {
    kind: stringEnum(['session', 'token'], {description: 'A session from a login, or an API token.'}),
    id: TokenId,
    label: Type.Optional(Label),
    prefix: Type.Optional(prefix),
    scopes: tokenScopes,
    packagePatterns,
    expires: nullable(timestamp('When it expires.'), 'When it expires, or null if it never does.'),
  },
  {title: 'Credential', description: 'The credential in use. Only tokens have a label and a prefix.'},
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
    username,
    email: text('The email address of the user.', 'acme@example.com'),
    mfaEnabled: Type.Boolean({description: 'Whether logging in requires a second factor.', example: false}),
    scopes: tokenScopes,
    orgs: Type.Array(Membership, {description: 'The organizations that the user is a member of.'}),
    operator: Type.Optional(
      Type.Boolean({
        description: 'True if the credential allows operating the registry: a session of an operator.',
        example: true,
      }),
    ),
    credential: Credential,
    expiringTokens,
  },
  {title: 'User', description: 'The user who makes the request.'},
)

const tokenFields = {
  id: TokenId,
  name: Label,
  prefix,
  scopes: tokenScopes,
  packageScope: Type.Optional(PackageScope),
  packagePatterns,
  expiresIn: text('The requested lifetime, or `never`.', '30d'),
  expiresAt: timestamp('When it expires. In the year 9999 if it never does.'),
  expires: nullable(timestamp('When it expires.'), 'When it expires, or null if it never does.'),
  createdAt: timestamp('When it was created.'),
  rotatedAt: Type.Optional(timestamp('When its current value was created. Absent if it was never rotated.')),
  lastUsed: nullable(
    timestamp('When it was last used, accurate to the minute.'),
    'When it was last used, accurate to the minute, or null if it never was.',
  ),
  lastUse: nullable(
    Type.Object(
      {
        address: text('The address of the client.', '203.0.113.7'),
        agent: nullable(text('The `User-Agent` header.', 'apkg-cli/1.0.0 linux-x64'), 'The `User-Agent` header.'),
        action: text('The operation.', 'publishPackage'),
        package: nullable(PackageName, 'The package that the request was about.'),
      },
      {title: 'TokenUse', description: 'What a token was used for.'},
    ),
    'What it was last used for, accurate to the minute, or null if that is unknown.',
  ),
  note: nullable(Note, 'What it is for.'),
  status: stringEnum(['active', 'suspended', 'spent', 'expired', 'revoked'], {
    title: 'TokenStatus',
    description: 'Whether it can be used. `spent`: its number of uses is reached.',
  }),
  suspendedAt: Type.Optional(
    timestamp('When it was suspended because the registry was restored from a backup. The operator can resume it.'),
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

export const CreatedToken = Type.Object(
  {
    ...tokenFields,
    token: text('The value. It cannot be retrieved later.', 'apkgt_0123456789ABCDEFGHIJKLMNOPQRSTUV1sPUSx'),
  },
  {title: 'CreatedToken', description: 'A new API token, with its value.'},
)

export const TokenList = Type.Object(
  {
    tokens: Type.Array(Token, {description: 'Oldest first.'}),
    nextCursor: Type.Optional(TokenCursor),
    includesEnded: Type.Optional(
      Type.Boolean({description: 'Whether tokens that expired or were revoked are included, if the request says so.'}),
    ),
  },
  {title: 'TokenList', description: 'A page of tokens. The last page does not have a `nextCursor`.'},
)

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
export type ExpiringToken = Type.Static<typeof ExpiringToken>
export type LoginResult = Type.Static<typeof LoginResult>
export type Credential = Type.Static<typeof Credential>
export type Token = Type.Static<typeof Token>
export type Key = Type.Static<typeof Key>
export type RegistryKey = Type.Static<typeof RegistryKey>
export type Signer = Type.Static<typeof Signer>
