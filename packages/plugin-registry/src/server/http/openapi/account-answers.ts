import {
  KeyId,
  KeyName,
  KeyRevocationReason,
  Label,
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
import {nullable, text, timestamp, words} from './fields.js'

/**
 * What this registry sends about accounts. A client requires less of an answer (`@apkg/wire/protocol`), so that it can
 * talk to other registries; here each field that is always sent is required.
 */
const username = text('The name of the user.', 'acme')

export const Session = Type.Object(
  {
    accessToken: text('The bearer credential for requests.', 'apkgs_0123456789ABCDEFGHIJKLMNOPQRSTUV2nktXt'),
    refreshToken: text('Renews the session, once.', 'apkgr_0123456789ABCDEFGHIJKLMNOPQRSTUV3TCxst'),
    expiresIn: Type.Integer({minimum: 0, description: 'Seconds until the access token expires.', example: 3600}),
    tokenType: words(['Bearer'], {description: 'How to send the access token.'}),
    username,
  },
  {title: 'Session', description: 'A session that has begun.'},
)

export const MfaChallenge = Type.Object(
  {
    mfaRequired: Type.Literal(true),
    mfaToken: text('Names the login, for the request with the code.', 'q3Xn0pWc5fJm8sVt'),
    username,
  },
  {title: 'MfaChallenge', description: 'The password is right, and the account needs a second factor.'},
)

export const LoginAnswer = Type.Unsafe<Type.Static<typeof Session> | Type.Static<typeof MfaChallenge>>({
  title: 'LoginAnswer',
  description: 'A session, or a challenge if the account has MFA.',
  oneOf: [Session, MfaChallenge],
})

const tokenScopes = Type.Array(Scope, {description: 'What it allows.', example: ['read', 'publish']})
const packagePatterns = Type.Array(PackagePattern, {
  description: 'The packages that it is restricted to; empty if there is no restriction.',
})
const prefix = text('The first characters of its value.', 'apkgt_012345')

export const Credential = Type.Object(
  {
    kind: words(['session', 'token'], {description: 'What the request was made with.'}),
    id: TokenId,
    label: Type.Optional(Label),
    prefix: Type.Optional(prefix),
    scopes: tokenScopes,
    packagePatterns,
    expires: nullable(timestamp('When it expires.'), 'When it expires; null if it does not.'),
  },
  {title: 'Credential', description: 'The credential of the request. Only a token has a label and a prefix.'},
)

const Membership = Type.Object(
  {
    name: text('The name of the organization.', 'acme-labs'),
    role: words(roles, {
      title: 'Role',
      description: '`reader`: reads private packages. `publisher`: also publishes, tags and deprecates.',
    }),
  },
  {title: 'Membership', description: 'A membership in an organization.'},
)

export const User = Type.Object(
  {
    username,
    email: text('The email address of the user.', 'acme@example.com'),
    mfaEnabled: Type.Boolean({description: 'Whether a login needs a second factor.', example: false}),
    scopes: tokenScopes,
    orgs: Type.Array(Membership, {description: 'The organizations that the user is a member of.'}),
    credential: Credential,
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
  expiresIn: text('The lifetime that was asked for, or `never`.', '30d'),
  expiresAt: timestamp('When it expires; in the year 9999 if it does not.'),
  expires: nullable(timestamp('When it expires.'), 'When it expires; null if it does not.'),
  createdAt: timestamp('When it was created.'),
  lastUsed: nullable(timestamp('When it was last used.'), 'When it was last used; null if it never was.'),
  suspendedAt: Type.Optional(
    timestamp(
      'Since when it is refused, after the registry was restored from a backup, until its operator resumes it.',
    ),
  ),
}

export const Token = Type.Object(tokenFields, {
  title: 'Token',
  description: 'An API token, without its value.',
})

export const CreatedToken = Type.Object(
  {
    ...tokenFields,
    token: text('The value. It cannot be fetched again.', 'apkgt_0123456789ABCDEFGHIJKLMNOPQRSTUV1sPUSx'),
  },
  {title: 'CreatedToken', description: 'A new API token, with its value.'},
)

export const TokenList = Type.Object(
  {
    tokens: Type.Array(Token, {description: 'Oldest first.'}),
    nextCursor: Type.Optional(TokenCursor),
  },
  {title: 'TokenList', description: 'A page of live tokens. The last page has no `nextCursor`.'},
)

export const algorithm = words(['ed25519'], {title: 'KeyAlgorithm', description: 'The algorithm of a signing key.'})

export const KeyStatus = words(['active', 'retired', 'revoked'], {
  title: 'KeyStatus',
  description: '`retired`: replaced by a rotation.',
})

export const RegisteredKey = Type.Object(
  {keyId: KeyId, name: KeyName, algorithm, createdAt: timestamp('When it was registered.')},
  {title: 'RegisteredKey', description: 'A signing key that was registered.'},
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
  {title: 'RevokedKey', description: 'A signing key that was revoked.'},
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
    createdAt: timestamp('When it was made.'),
    expiresAt: timestamp(
      'What it attests as published at this time or later is invalid. In the year 9999 if it is active.',
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
          description: 'The key that it replaced, and the signature of that key over the rotation.',
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
export type LoginAnswer = Type.Static<typeof LoginAnswer>
export type Credential = Type.Static<typeof Credential>
export type Token = Type.Static<typeof Token>
export type Key = Type.Static<typeof Key>
export type RegistryKey = Type.Static<typeof RegistryKey>
export type Signer = Type.Static<typeof Signer>
