import {
  DistTagName,
  Integrity,
  KeyId,
  PackageCursor,
  PackageName,
  PackageType,
  PackageVersion,
  SearchCursor,
  Signature,
  SignatureValue,
  Tool,
  Username,
  VersionNumber,
  Visibility,
} from '@apkg/wire/protocol'
import * as Type from 'typebox'

import {Signer} from './account-responses.js'
import {stringEnum, text, timestamp} from './fields.js'
import {VerifiedOrigin} from './publisher-responses.js'

/** Responses about packages; see `account-responses.ts`. */

const count = (description: string, example: number) => Type.Integer({minimum: 0, description, example})

export const Attestation = Type.Object(
  {
    kind: stringEnum(['author', 'registry', 'trusted-publisher'], {
      description:
        '`author`, `registry`: the author or the registry signed the version. `trusted-publisher`: the registry signed which CI job published it.',
    }),
    keyId: KeyId,
    signature: SignatureValue,
    name: PackageName,
    version: VersionNumber,
    integrity: Integrity,
    registry: Type.Optional(text('For `author`: the registry that it was signed for.', 'https://registry.example.com')),
    publishedAt: Type.Optional(timestamp('Except for `author`: when the version was published.')),
    signer: Type.Optional(
      Type.String({
        description: 'For `registry`: the ID of the author’s key. Empty if the author did not sign.',
        example: '',
      }),
    ),
  },
  {title: 'Attestation', description: 'A signature over a version, with everything that was signed.'},
)

const Distribution = Type.Object(
  {
    tarball: text('The URL of the tarball.', 'https://registry.example.com/packages/%40acme%2Fdeploy/1.2.3/tarball'),
    integrity: Integrity,
    signatures: Type.Array(Signature, {description: 'Signatures by keys of the registry over the integrity alone.'}),
    attestations: Type.Array(Attestation, {description: 'The signatures to verify.'}),
    size: count('The size of the tarball in bytes.', 2048),
    unpackedSize: count('The total size of the files in bytes.', 8192),
    fileCount: count('The number of files.', 3),
  },
  {title: 'Distribution', description: 'The tarball of a version.'},
)

const Publisher = Type.Object(
  {username: text('The username, or the name of the trusted publisher.', 'acme')},
  {title: 'Publisher', description: 'Who published a version.'},
)

const deprecated = text('The deprecation message. Absent unless it is deprecated.', 'Use @acme/release instead')
const description = text('What the package does.', 'Deploys a service and watches its logs')

export const Version = Type.Object(
  {
    version: VersionNumber,
    type: PackageType,
    dist: Distribution,
    publishedAt: timestamp('When it was published.'),
    publishedBy: Publisher,
    trustedPublisher: Type.Optional(VerifiedOrigin),
    dependencies: Type.Record(Type.String(), Type.String(), {
      propertyNames: PackageName,
      description: 'Version ranges by package name.',
      example: {'@acme/logs': '^2.0.0'},
    }),
    description: Type.Optional(description),
    license: Type.Optional(text('An SPDX expression.', 'MIT')),
    keywords: Type.Optional(Type.Array(Type.String(), {description: 'Keywords for search.', example: ['deploy']})),
    repository: Type.Optional(text('The URL of the source code.', 'https://github.com/acme/deploy')),
    homepage: Type.Optional(text('The URL of the homepage.', 'https://example.com/deploy')),
    origin: Type.Optional(Tool),
    targets: Type.Optional(
      Type.Array(Tool, {description: 'The tools that it is for.', example: ['claude-code', 'cursor']}),
    ),
    deprecated: Type.Optional(deprecated),
    yanked: Type.Optional(Type.Boolean({description: 'Whether it was yanked. Absent unless it was.', example: true})),
  },
  {title: 'Version', description: 'A version of a package.'},
)

const Maintainer = Type.Object(
  {
    username: text('The username.', 'acme'),
    role: stringEnum(['owner', 'publisher'], {
      description: '`owner`: the user whose scope it is. `publisher`: a member of the organization who can publish.',
    }),
  },
  {title: 'Maintainer', description: 'A user who can publish versions of a package.'},
)

export const Package = Type.Object(
  {
    name: PackageName,
    distTags: Type.Record(Type.String(), VersionNumber, {
      propertyNames: DistTagName,
      description: 'Versions by dist-tag.',
      example: {latest: '1.2.3'},
    }),
    versions: Type.Record(Type.String(), Version, {
      propertyNames: VersionNumber,
      description: 'Every version that was not taken down, by version number.',
    }),
    maintainers: Type.Array(Maintainer, {description: 'The users who can publish, sorted by name.'}),
    visibility: Visibility,
    createdAt: timestamp('When its first version was published.'),
    updatedAt: timestamp('When it last changed.'),
    signers: Type.Optional(Type.Array(Signer, {description: 'The keys that its versions are signed with.'})),
    description: Type.Optional(description),
    readme: Type.Optional(text('The readme of the `latest` version.', '# Deploy')),
    deprecated: Type.Optional(deprecated),
  },
  {title: 'Package', description: 'A package with all of its versions.'},
)

const onlyChanged = 'Sent instead if the credential does not allow reading the package.'

export const ChangedPackage = Type.Union([
  Package,
  Type.Object({name: PackageName}, {title: 'UnreadablePackage', description: onlyChanged}),
])

export const ChangedVersion = Type.Union([
  Version,
  Type.Object({version: VersionNumber}, {title: 'UnreadableVersion', description: onlyChanged}),
])

export const PublishedVersion = Type.Object(
  {
    name: PackageName,
    version: VersionNumber,
    integrity: Integrity,
    publishedAt: timestamp('When it was published.'),
    identical: Type.Optional(
      Type.Boolean({description: 'True if the version already existed with the same bytes.', example: true}),
    ),
    tag: Type.Optional(DistTagName),
    signer: Type.Optional(KeyId),
    page: Type.Optional(
      text(
        "The path of the version's page, below the URL of the registry. Absent without pages.",
        '/@acme/tool/v/1.0.0',
      ),
    ),
  },
  {
    title: 'PublishedVersion',
    description:
      'A published version. `tag` is the dist-tag that was set, and `signer` is the ID of the key that signed it.',
  },
)

export const VersionStatus = Type.Object(
  {
    takenDown: Type.Array(
      Type.Object(
        {
          version: PackageVersion,
          reason: text('Why it was taken down.', 'It stole keys'),
          at: timestamp('When it was taken down.'),
        },
        {title: 'TakenDownVersion', description: 'A version that was taken down.'},
      ),
    ),
    deprecated: Type.Array(
      Type.Object(
        {version: PackageVersion, message: text('The deprecation message.', 'Use @acme/release instead')},
        {title: 'DeprecatedVersion', description: 'A version that is deprecated, or whose package is.'},
      ),
    ),
    yanked: Type.Array(PackageVersion, {description: 'Versions that were yanked.'}),
    compromised: Type.Array(
      Type.Object(
        {version: PackageVersion, keyId: KeyId, revokedAt: timestamp('When the key was revoked.')},
        {
          title: 'CompromisedVersion',
          description:
            'A version that is signed with a key that was revoked as compromised, whenever it was published.',
        },
      ),
    ),
    unknown: Type.Array(PackageVersion, {description: 'Versions that do not exist, or that the caller cannot read.'}),
  },
  {title: 'VersionStatus', description: 'What clients need to know about versions before they install them.'},
)

export const DistTag = Type.Object(
  {tag: DistTagName, version: VersionNumber},
  {title: 'DistTag', description: 'A dist-tag, and the version that it points to.'},
)

export const Provenance = Type.Object(
  {},
  {
    title: 'Provenance',
    additionalProperties: true,
    description: 'The in-toto statement that the version was published with.',
    example: {_type: 'https://in-toto.io/Statement/v1', predicateType: 'https://slsa.dev/provenance/v1'},
  },
)

const searchResult = {
  name: PackageName,
  version: Type.Optional(VersionNumber),
  description: Type.Optional(description),
  keywords: Type.Optional(Type.Array(Type.String(), {description: 'Keywords for search.', example: ['deploy']})),
  type: Type.Optional(PackageType),
  origin: Type.Optional(Tool),
  targets: Type.Optional(
    Type.Array(Tool, {description: 'The tools that it is for.', example: ['claude-code', 'cursor']}),
  ),
  publisher: Publisher,
  deprecated: Type.Optional(deprecated),
}

const SearchResult = Type.Object(searchResult, {title: 'SearchResult', description: 'A package in a list.'})

export const SearchResults = Type.Object(
  {
    results: Type.Array(SearchResult, {description: 'Best match first.'}),
    total: count('The number of packages that match, up to 1000.', 1),
    nextCursor: Type.Optional(SearchCursor),
  },
  {title: 'SearchResults', description: 'A page of search results. The last page does not have a `nextCursor`.'},
)

export const MostInstalled = Type.Object(
  {
    days: count('How many days the downloads cover.', 30),
    packages: Type.Array(
      Type.Object(
        {...searchResult, downloads: count('How often it was downloaded from this registry.', 12)},
        {title: 'InstalledPackage', description: 'A package, and its downloads.'},
      ),
      {description: 'Most downloads first.'},
    ),
  },
  {title: 'MostInstalled', description: 'The packages with the most downloads. Caches are not counted.'},
)

const date = (which: string, example: string) => text(`The ${which} day, in UTC.`, example)

export const Downloads = Type.Object(
  {
    name: PackageName,
    weeks: Type.Array(
      Type.Object(
        {
          from: date('first', '2026-11-17'),
          to: date('last', '2026-11-23'),
          downloads: count('How often its tarballs were downloaded.', 12),
        },
        {title: 'DownloadWeek', description: '7 days.'},
      ),
      {description: 'Oldest first. The last week ends today.'},
    ),
  },
  {title: 'Downloads', description: 'The downloads of a package from this registry. Caches are not counted.'},
)

export const Dependents = Type.Object(
  {
    name: PackageName,
    dependents: Type.Array(
      Type.Object(
        {name: PackageName, range: text('The range that it depends on.', '^2.0.0')},
        {title: 'Dependent', description: 'A package whose `latest` version depends on the package.'},
      ),
      {description: 'By name.'},
    ),
    nextCursor: Type.Optional(PackageCursor),
  },
  {title: 'Dependents', description: 'A page of packages. The last page does not have a `nextCursor`.'},
)

export const ScopeDetails = Type.Object(
  {
    scope: Username,
    kind: stringEnum(['user', 'organization'], {description: 'Whose scope it is.'}),
    packages: Type.Array(SearchResult, {description: 'The packages that the caller can read, by name.'}),
    keys: Type.Array(Signer, {description: 'The signing keys of a user. Empty for an organization.'}),
    nextCursor: Type.Optional(PackageCursor),
  },
  {
    title: 'ScopeDetails',
    description: 'A scope, with a page of its packages. The last page does not have a `nextCursor`.',
  },
)

export type Attestation = Type.Static<typeof Attestation>
export type Package = Type.Static<typeof Package>
export type PublishedVersion = Type.Static<typeof PublishedVersion>
export type Version = Type.Static<typeof Version>
