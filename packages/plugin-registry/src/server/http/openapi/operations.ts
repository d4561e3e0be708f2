import type {EndpointName} from '@apkg/wire/protocol'
import type {TSchema} from 'typebox'

import * as accounts from './account-answers.js'
import * as packages from './package-answers.js'

/** The groups of operations, in the order of the document. */
export const tags = {
  sessions: 'Log in and out, and see who is logged in.',
  tokens: 'API tokens for CI and scripts.',
  keys: 'The keys that users sign their packages with.',
  packages: 'Publish, read and deprecate packages.',
  'dist-tags': 'Names for versions of a package, such as `latest`.',
  search: 'Find packages.',
  registry: 'The registry itself.',
} as const

interface Link {
  operationId: EndpointName
  description: string
  /** Runtime expressions by the names of parameters. */
  parameters: Record<string, string>
}

export interface Operation {
  tag: keyof typeof tags
  summary: string
  description: string
  /** What a success means. */
  success: string
  /** What this registry sends. A client requires less of it; see `Endpoint.answer`. */
  answer?: TSchema
  /** Other successes by status: what they mean. */
  others?: Record<number, string>
  /** Whether the endpoint reads a credential that it does not require. */
  credentialIsOptional?: boolean
  /** Whether the answer has an `ETag`. */
  isConditional?: boolean
  links?: Record<string, Link>
}

const packageInPath = {name: '$request.path.name'}

/** What the OpenAPI document says about each endpoint of the protocol. */
export const operations = {
  login: {
    tag: 'sessions',
    summary: 'Log in',
    description:
      'Starts a session with a username and a password. If the account has MFA, the answer is a challenge: send its `mfaToken` and the code to `/auth/mfa/challenge`.',
    success: 'A session, or a challenge if the account has MFA.',
    answer: accounts.LoginAnswer,
  },
  answerMfaChallenge: {
    tag: 'sessions',
    summary: 'Complete a login with MFA',
    description: 'Starts a session with the code of a second factor.',
    success: 'The session.',
    answer: accounts.Session,
  },
  refresh: {
    tag: 'sessions',
    summary: 'Renew a session',
    description:
      'Exchanges a refresh token for a new access token and a new refresh token. A refresh token works once.',
    success: 'The renewed session.',
    answer: accounts.Session,
  },
  logout: {
    tag: 'sessions',
    summary: 'Log out',
    description: 'Ends a session, named by its access token or by its refresh token. Ending it again succeeds too.',
    success: 'The session has ended.',
    credentialIsOptional: true,
  },
  whoami: {
    tag: 'sessions',
    summary: 'Get the current user',
    description: 'Describes the user who makes the request, and the credential that it is made with.',
    success: 'The user.',
    answer: accounts.User,
  },
  createToken: {
    tag: 'tokens',
    summary: 'Create a token',
    description: 'Creates an API token. A token cannot create tokens.',
    success: 'The token, with its value. The value cannot be fetched again.',
    answer: accounts.CreatedToken,
    links: {
      revokeToken: {
        operationId: 'revokeToken',
        description: 'Revoke the token.',
        parameters: {id: '$response.body#/id'},
      },
    },
  },
  listTokens: {
    tag: 'tokens',
    summary: 'List tokens',
    description: 'Lists the live tokens of the user, oldest first, without their values.',
    success: 'A page of tokens.',
    answer: accounts.TokenList,
  },
  revokeCurrentToken: {
    tag: 'tokens',
    summary: 'Revoke the token in use',
    description: 'Revokes the token that the request is made with. The next request with it fails.',
    success: 'The token is revoked.',
  },
  revokeToken: {
    tag: 'tokens',
    summary: 'Revoke a token',
    description: 'Revokes a token. The next request with it fails.',
    success: 'The token is revoked.',
  },
  registerKey: {
    tag: 'keys',
    summary: 'Register a signing key',
    description:
      'Registers a public key, so that versions can be published with its signatures. Registering an active key again succeeds too.',
    success: 'The key.',
    answer: accounts.RegisteredKey,
    links: {
      revokeKey: {
        operationId: 'revokeKey',
        description: 'Revoke the key.',
        parameters: {keyId: '$response.body#/keyId'},
      },
    },
  },
  listKeys: {
    tag: 'keys',
    summary: 'List signing keys',
    description: 'Lists the signing keys of the user, retired and revoked ones included.',
    success: 'The keys.',
    answer: accounts.KeyList,
  },
  rotateKey: {
    tag: 'keys',
    summary: 'Rotate a signing key',
    description: 'Replaces a key by another one that it attests.',
    success: 'The old key is retired, and the new one is active.',
    answer: accounts.KeyRotation,
  },
  revokeKey: {
    tag: 'keys',
    summary: 'Revoke a signing key',
    description: 'Revokes a key. As compromised, it invalidates the signatures that were made with it.',
    success: 'The key is revoked.',
    answer: accounts.RevokedKey,
  },
  listSigningKeys: {
    tag: 'registry',
    summary: 'List the keys of the registry',
    description: 'Lists the keys that the registry signs versions with, newest first.',
    success: 'The keys.',
    answer: accounts.RegistryKeyList,
  },
  getPackage: {
    tag: 'packages',
    summary: 'Get a package',
    description: 'Describes a package and all of its versions.',
    success: 'The package.',
    answer: packages.Package,
    others: {304: 'The package has not changed.'},
    isConditional: true,
  },
  downloadTarball: {
    tag: 'packages',
    summary: 'Download a version',
    description: 'Sends the tarball of a version. A `Range` header asks for a part of it.',
    success: 'The tarball.',
    others: {206: 'The part of the tarball that was asked for.', 304: 'The tarball has not changed.'},
    isConditional: true,
  },
  publishPackage: {
    tag: 'packages',
    summary: 'Publish a version',
    description:
      'Publishes a version of a package. The part `metadata` comes first, then the part `tarball`. A version is written once: publishing the same bytes again succeeds, other bytes are refused.',
    success: 'The version is published.',
    answer: packages.PublishedVersion,
    others: {200: 'The version was published before, with the same bytes.'},
    links: {getPackage: {operationId: 'getPackage', description: 'Get the package.', parameters: packageInPath}},
  },
  deprecatePackage: {
    tag: 'packages',
    summary: 'Deprecate a package',
    description: 'Deprecates a package, or takes its deprecation back.',
    success: 'The package.',
    answer: packages.Package,
  },
  deprecateVersion: {
    tag: 'packages',
    summary: 'Deprecate a version',
    description: 'Deprecates a version of a package, or takes its deprecation back.',
    success: 'The version.',
    answer: packages.Version,
  },
  setDistTag: {
    tag: 'dist-tags',
    summary: 'Set a dist-tag',
    description: 'Names a version of a package, or moves the name to another version.',
    success: 'The dist-tag.',
    answer: packages.DistTag,
    links: {
      removeDistTag: {
        operationId: 'removeDistTag',
        description: 'Remove the dist-tag.',
        parameters: {...packageInPath, tag: '$response.body#/tag'},
      },
    },
  },
  removeDistTag: {
    tag: 'dist-tags',
    summary: 'Remove a dist-tag',
    description: 'Removes a dist-tag. `latest` can be moved, but not removed.',
    success: 'The dist-tag is removed.',
  },
  getProvenance: {
    tag: 'packages',
    summary: 'Get the provenance of a version',
    description: 'Sends the in-toto statement that a version was published with.',
    success: 'The statement.',
    answer: packages.Provenance,
  },
  searchPackages: {
    tag: 'search',
    summary: 'Search packages',
    description:
      'Finds packages by their names, keywords and descriptions. Private packages are found by those who can read them.',
    success: 'A page of results.',
    answer: packages.SearchResults,
  },
} as const satisfies Record<EndpointName, Operation>
