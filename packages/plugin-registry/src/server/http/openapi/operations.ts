import type {EndpointName} from '@apkg/wire/protocol'
import type {TSchema} from 'typebox'

import * as accounts from './account-responses.js'
import * as members from './member-responses.js'
import {operatorOperations} from './operator-operations.js'
import * as packages from './package-responses.js'
import * as publishers from './publisher-responses.js'
import {RegistryPolicy} from './registry-responses.js'

/** The groups of operations, in the order of the document. */
export const tags = {
  sessions: 'Log in and out, and see who is logged in.',
  tokens: 'API tokens for CI and scripts.',
  'trusted-publishing': 'Publish from CI without a stored secret.',
  organizations: 'Members of organizations.',
  keys: 'The keys that users sign their packages with.',
  packages: 'Publish, read and deprecate packages.',
  'dist-tags': 'Names for versions of a package, such as `latest`.',
  search: 'Find packages.',
  registry: 'The registry itself.',
  operator: 'Manage users and organizations, as an operator of the registry.',
} as const

interface Link {
  operationId: EndpointName
  description: string
  /** Runtime expressions by parameter name. */
  parameters: Record<string, string>
}

export interface Operation {
  tag: keyof typeof tags
  summary: string
  description: string
  /** Describes the success. */
  success: string
  /** The body that this registry sends. Clients require less of it; see `Endpoint.response`. */
  response?: TSchema
  /** Describes other successes, by status. */
  others?: Record<number, string>
  /** Whether the endpoint uses a credential but does not require one. */
  credentialIsOptional?: boolean
  /** Whether the response has an `ETag`. */
  isConditional?: boolean
  links?: Record<string, Link>
}

const packageInPath = {name: '$request.path.name'}

/** How the OpenAPI document describes each endpoint of the protocol. */
export const operations = {
  login: {
    tag: 'sessions',
    summary: 'Log in',
    description:
      'Starts a session with a username and a password. If the account has MFA, the response is a challenge: send its `mfaToken` and the code to `/auth/mfa/challenge`.',
    success: 'A session, or a challenge if the account has MFA.',
    response: accounts.LoginResult,
  },
  completeMfaChallenge: {
    tag: 'sessions',
    summary: 'Complete a login with MFA',
    description: 'Starts a session with a one-time password or a recovery code.',
    success: 'The session.',
    response: accounts.Session,
  },
  requestBrowserLogin: {
    tag: 'sessions',
    summary: 'Request a login with a browser',
    description:
      'Starts a login that a user approves in a browser. Without `loopback`, this is device authorization (RFC 8628): show `userCode` and `verificationUri`, and poll `/auth/device/token`. With `loopback`, open `verificationUri` on this machine; the browser returns to the loopback address with an authorization code (RFC 8252, with PKCE). A registry without pages responds with 404.',
    success: 'The page to open.',
    response: accounts.BrowserRequestResult,
  },
  completeBrowserLogin: {
    tag: 'sessions',
    summary: 'Complete a login with a browser',
    description:
      'Starts a session once the user has approved the login. Until then, the response is `AUTHORIZATION_PENDING`, or `SLOW_DOWN` if the client polls too fast: wait for 5 more seconds between polls from then on. The session is as recently authenticated as the session of the browser that approved it.',
    success: 'The session.',
    response: accounts.Session,
  },
  refresh: {
    tag: 'sessions',
    summary: 'Refresh a session',
    description:
      'Exchanges a refresh token for a new access token and a new refresh token. Each refresh token works once.',
    success: 'The refreshed session.',
    response: accounts.Session,
  },
  logout: {
    tag: 'sessions',
    summary: 'Log out',
    description: 'Revokes the session of an access token or a refresh token. Revoking it again also succeeds.',
    success: 'The session is revoked.',
    credentialIsOptional: true,
  },
  revokeValues: {
    tag: 'tokens',
    summary: 'Revoke leaked values',
    description:
      'Revokes the tokens and sessions that the values belong to. Anyone who finds them can send them; no credential is required. The value of an API token revokes the token. During the grace period after a rotation, the old value ends without revoking the token. An access token or a refresh token revokes its session. Values that are unknown or no longer valid change nothing. The response is the same in every case.',
    success: 'Every valid value was revoked.',
  },
  whoami: {
    tag: 'sessions',
    summary: 'Get the current user',
    description: 'Returns the user who sent the request, and the credential in use.',
    success: 'The user.',
    response: accounts.User,
  },
  listSessions: {
    tag: 'sessions',
    summary: 'List sessions',
    description:
      'Lists the sessions of the user, one for each login. Sessions that expired or were revoked recently are only included with `ended=true`. Tokens cannot list sessions.',
    success: 'The sessions.',
    response: accounts.LoginSessionList,
  },
  revokeSession: {
    tag: 'sessions',
    summary: 'Revoke a session',
    description:
      'Revokes a session of the user. From the next request on, its access token and its refresh token are rejected. Revoking it again also succeeds. Tokens cannot revoke sessions.',
    success: 'The session is revoked.',
  },
  can: {
    tag: 'tokens',
    summary: 'Check what the credential allows',
    description:
      'Checks whether the credential allows an action and stays valid for `minTtl` seconds, without performing the action. The decision is the same as for the request itself. A package that the user cannot see gets the same answer as one that does not exist. Publishing an existing version again is allowed if `integrity` matches its content.',
    success: 'Whether it is allowed, and otherwise why not.',
    response: accounts.Permission,
  },
  stepUp: {
    tag: 'sessions',
    summary: 'Confirm the password',
    description:
      'Confirms the password, and the second factor if the account has MFA, so that the session can be used for what requires a recent login. It applies only to the access token of the request, not to those from later refreshes.',
    success: 'The password is confirmed.',
  },
  requestBrowserConfirmation: {
    tag: 'sessions',
    summary: 'Request a confirmation with a browser',
    description:
      'Like `/auth/device`, but confirms the session of the request instead of starting one. Only the user of the session can approve it.',
    success: 'The page to open.',
    response: accounts.BrowserRequestResult,
  },
  completeBrowserConfirmation: {
    tag: 'sessions',
    summary: 'Complete a confirmation with a browser',
    description:
      'Confirms the access token of the request once the user has approved that. It counts as confirmed when the browser authenticated the user. The errors are those of `/auth/device/token`.',
    success: 'The session is confirmed.',
  },
  createToken: {
    tag: 'tokens',
    summary: 'Create a token',
    description:
      'Creates an API token. With `organization`, the token belongs to the organization, and stays valid if the user leaves; the user must be an admin. Tokens cannot create tokens.',
    success: 'The token, with its value. The value cannot be retrieved later.',
    response: accounts.CreatedToken,
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
    description:
      'Lists the tokens of the user, oldest first and without their values. Tokens that expired or were revoked are only included with `ended=true`. With `organization`, lists the tokens of the organization, which requires a session of one of its admins.',
    success: 'A page of tokens.',
    response: accounts.TokenList,
  },
  getTokenLog: {
    tag: 'tokens',
    summary: 'Get the log of tokens',
    description:
      "Lists entries of the audit log about the user's tokens, newest first: how and by whom they were changed, what they were used to change, and where values that no longer work were refused. Entries about tokens of other users are never included. With `organization`, the entries are about the tokens of the organization, which requires a session of one of its admins.",
    success: 'A page of entries.',
    response: accounts.TokenLog,
  },
  getCurrentToken: {
    tag: 'tokens',
    summary: 'Get the token in use',
    description: 'Returns the token that authenticates the request, without its value.',
    success: 'The token.',
    response: accounts.TokenDetails,
  },
  getToken: {
    tag: 'tokens',
    summary: 'Get a token',
    description:
      'Returns a token of the user, without its values. Tokens that expired or were revoked can be fetched, too. In a session of an admin, a token of an organization can be fetched by its ID or, with `organization`, by the first characters of its value.',
    success: 'The token.',
    response: accounts.TokenDetails,
  },
  revokeCurrentToken: {
    tag: 'tokens',
    summary: 'Revoke the token in use',
    description: 'Revokes the token that authenticates the request. From the next request on, it is rejected.',
    success: 'The token was revoked.',
  },
  revokeToken: {
    tag: 'tokens',
    summary: 'Revoke a token',
    description:
      "Revokes a token. From the next request on, it is rejected. The first eight or more characters of an ID are enough if they match only one of the user's active tokens.",
    success: 'The token was revoked.',
  },
  suspendToken: {
    tag: 'tokens',
    summary: 'Suspend a token',
    description:
      'Suspends a token of the user. From the next request on, it is rejected, until the user and everyone else who suspended it have resumed it. Suspending it again changes nothing.',
    success: 'The token is suspended.',
    response: accounts.Token,
  },
  resumeToken: {
    tag: 'tokens',
    summary: 'Resume a token',
    description:
      'Lifts the suspension that the user made. If the operator of the registry suspended the token as well, it stays suspended: see `suspensions` in the response. Resuming a token that is not suspended changes nothing.',
    success: 'The token, with the suspensions that are left.',
    response: accounts.Token,
  },
  rotateToken: {
    tag: 'tokens',
    summary: 'Rotate a token',
    description:
      'Creates a new value for a token. Everything else about the token stays the same. The old value works until the new one is first used, and for the grace period after that, but never past its own expiry. A session can rotate any token of its user; a token can rotate only itself. Until the new value is used, the caller who requested it can replace it by rotating again, or drop it. Rotating again during the grace period ends the old value.',
    success: 'The token, with its new value. The value cannot be retrieved later.',
    response: accounts.RotatedToken,
  },
  dropRotation: {
    tag: 'tokens',
    summary: 'Drop a new value of a token',
    description:
      'Drops a new value of a token that could not be delivered, as if it had not been created. It must be unused, and only the caller who requested it can drop it.',
    success: 'The new value is no longer valid.',
  },
  addTrustedPublisher: {
    tag: 'trusted-publishing',
    summary: 'Add a trusted publisher',
    description:
      'Lets the jobs of a project publish a package, or the packages of a scope. Only the owner of the scope can add one: the user, or an admin of the organization. A registry without an https URL does not offer this.',
    success: 'The trusted publisher.',
    response: publishers.TrustedPublisher,
    links: {
      removeTrustedPublisher: {
        operationId: 'removeTrustedPublisher',
        description: 'Remove the trusted publisher.',
        parameters: {id: '$response.body#/id'},
      },
    },
  },
  listTrustedPublishers: {
    tag: 'trusted-publishing',
    summary: 'List trusted publishers',
    description:
      'Returns the trusted publishers of the user’s own scope and of the organizations that the user is an admin of.',
    success: 'The trusted publishers.',
    response: publishers.TrustedPublisherList,
  },
  removeTrustedPublisher: {
    tag: 'trusted-publishing',
    summary: 'Remove a trusted publisher',
    description: 'Removes a trusted publisher. Its tokens end immediately.',
    success: 'The trusted publisher was removed.',
  },
  requireTrustedPublishing: {
    tag: 'trusted-publishing',
    summary: 'Require trusted publishing',
    description: 'Restricts changes to the packages of a scope to its trusted publishers, or lifts this restriction.',
    success: 'The requirement that applies now.',
    response: publishers.TrustedPublishingRequirement,
  },
  listMembers: {
    tag: 'organizations',
    summary: 'List members',
    description: 'Returns the members of an organization with their roles. Only members can list them.',
    success: 'The members.',
    response: members.MemberList,
  },
  setMember: {
    tag: 'organizations',
    summary: 'Add a member, or change a role',
    description:
      'Adds a user to an organization, or changes a member’s role. Only its admins can do that. The last admin who can log in keeps the role.',
    success: 'The user is a member with this role.',
    response: members.ChangedMember,
  },
  removeMember: {
    tag: 'organizations',
    summary: 'Remove a member',
    description:
      'Removes a user from an organization. Only its admins can do that, and the last admin who can log in stays. The user’s own tokens lose their access to it with the next request. Tokens and trusted publishers that the user created for the organization are suspended.',
    success: 'The user is no longer a member.',
    response: members.RemovedMember,
  },
  ...operatorOperations,
  exchangeIdToken: {
    tag: 'trusted-publishing',
    summary: 'Exchange an ID token',
    description:
      'Exchanges the ID token of a job for an API token that is valid for 15 minutes and belongs to a trusted publisher, not to a user. It can publish and tag the packages of the publisher, and read the private packages of their scope. An ID token can be exchanged once. If the API token has not been used, exchanging the same ID token again within a minute replaces it.',
    success: 'The token, with its value. The value cannot be retrieved later.',
    response: accounts.CreatedToken,
  },
  registerKey: {
    tag: 'keys',
    summary: 'Register a signing key',
    description:
      'Registers a public key, so that the user can publish versions signed with it. Registering an active key again also succeeds.',
    success: 'The key.',
    response: accounts.RegisteredKey,
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
    description: 'Lists the signing keys of the user, including retired and revoked ones.',
    success: 'The keys.',
    response: accounts.KeyList,
  },
  rotateKey: {
    tag: 'keys',
    summary: 'Rotate a signing key',
    description:
      'Replaces a key with a new one. The old key must sign the new one, and the new one must sign a proof that the user holds it.',
    success: 'The old key was retired, and the new one is active.',
    response: accounts.KeyRotation,
  },
  revokeKey: {
    tag: 'keys',
    summary: 'Revoke a signing key',
    description:
      'Revokes a key. It cannot sign any more versions. Those that it has signed stay valid, unless it is revoked as compromised: then clients refuse them. A key that was retired or revoked for another reason can still be revoked as compromised.',
    success: 'The key was revoked.',
    response: accounts.RevokedKey,
  },
  getPolicy: {
    tag: 'registry',
    summary: 'Get the policy',
    description: 'Returns what the operator allows for new tokens, and how recent a login must be to create one.',
    success: 'The policy.',
    response: RegistryPolicy,
  },
  listSigningKeys: {
    tag: 'registry',
    summary: 'List the signing keys of the registry',
    description: 'Lists the keys that the registry signs versions with, newest first.',
    success: 'The keys.',
    response: accounts.RegistryKeyList,
  },
  getPackage: {
    tag: 'packages',
    summary: 'Get a package',
    description: 'Returns a package with all its versions.',
    success: 'The package.',
    response: packages.Package,
    others: {304: 'The package has not changed.'},
    isConditional: true,
  },
  downloadTarball: {
    tag: 'packages',
    summary: 'Download a version',
    description: 'Returns the tarball of a version, or the part that a `Range` header selects.',
    success: 'The tarball.',
    others: {206: 'The requested part of the tarball.', 304: 'The tarball has not changed.'},
    isConditional: true,
  },
  getStatus: {
    tag: 'packages',
    summary: 'Look up takedowns',
    description:
      'Returns which versions were taken down, which are deprecated or yanked, and which are signed with a compromised key. Clients ask this once before they install versions, since they may have them in a cache. A version that the caller cannot read is reported like one that does not exist.',
    success: 'The findings. Versions without any are not listed.',
    response: packages.VersionStatus,
  },
  publishPackage: {
    tag: 'packages',
    summary: 'Publish a version',
    description:
      'Publishes a version of a package. The `metadata` part must come before the `tarball` part. Versions never change: publishing the same bytes again succeeds, and other bytes are rejected.',
    success: 'The version was published.',
    response: packages.PublishedVersion,
    others: {200: 'The version already exists with the same bytes.'},
    links: {getPackage: {operationId: 'getPackage', description: 'Get the package.', parameters: packageInPath}},
  },
  deprecatePackage: {
    tag: 'packages',
    summary: 'Deprecate a package',
    description: 'Deprecates a package, or undoes its deprecation.',
    success: 'The package.',
    response: packages.ChangedPackage,
  },
  deprecateVersion: {
    tag: 'packages',
    summary: 'Deprecate a version',
    description: 'Deprecates a version of a package, or undoes its deprecation.',
    success: 'The version.',
    response: packages.ChangedVersion,
  },
  yankVersion: {
    tag: 'packages',
    summary: 'Yank a version',
    description:
      'Yanks a version, or undoes it. Clients never choose a yanked version, but still install it if a lockfile lists it. Dist-tags keep pointing at it.',
    success: 'The version.',
    response: packages.ChangedVersion,
  },
  setDistTag: {
    tag: 'dist-tags',
    summary: 'Set a dist-tag',
    description: 'Creates a dist-tag, or moves it to another version.',
    success: 'The dist-tag.',
    response: packages.DistTag,
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
    success: 'The dist-tag was removed.',
  },
  getProvenance: {
    tag: 'packages',
    summary: 'Get the provenance of a version',
    description: 'Returns the in-toto statement that a version was published with.',
    success: 'The statement.',
    response: packages.Provenance,
  },
  searchPackages: {
    tag: 'search',
    summary: 'Search packages',
    description:
      'Finds packages by name, keywords, description and readme. The results include the private packages that the caller can read.',
    success: 'A page of results.',
    response: packages.SearchResults,
  },
  listMostInstalled: {
    tag: 'search',
    summary: 'List the most installed packages',
    description:
      'Lists the packages with the most downloads of the last 30 days, among those that the caller can read. The numbers are refreshed every 10 minutes.',
    success: 'The packages.',
    response: packages.MostInstalled,
  },
  getDownloads: {
    tag: 'packages',
    summary: 'Get the downloads of a package',
    description:
      'Counts how often tarballs of a package were downloaded from this registry in each of the last 12 weeks. A request counts if its response starts with the first byte. Neither addresses nor users are recorded. Downloads appear after some seconds.',
    success: 'The downloads of each week.',
    response: packages.Downloads,
  },
  listDependents: {
    tag: 'packages',
    summary: 'List dependents',
    description:
      'Lists the packages whose `latest` version depends on a package, among those that the caller can read.',
    success: 'A page of packages.',
    response: packages.Dependents,
  },
  getScope: {
    tag: 'packages',
    summary: 'Get a scope',
    description:
      'Returns the packages of a user or an organization that the caller can read, and the signing keys of a user. If there are no such packages, the response is the same as for a scope that does not exist, except in a session of the user or of a member.',
    success: 'The scope.',
    response: packages.ScopeDetails,
  },
} as const satisfies Record<EndpointName, Operation>
