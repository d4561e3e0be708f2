import {
  DistTagName,
  Integrity,
  KeyId,
  PackageName,
  PackageType,
  Signature,
  SignatureValue,
  Tool,
  VersionNumber,
  Visibility,
} from '@apkg/wire/protocol'
import * as Type from 'typebox'

import {Signer} from './account-answers.js'
import {text, timestamp, words} from './fields.js'

/** What this registry sends about packages; see `account-answers.ts`. */

const count = (description: string, example: number) => Type.Integer({minimum: 0, description, example})

export const Attestation = Type.Object(
  {
    kind: words(['author', 'registry'], {description: 'Who signed.'}),
    keyId: KeyId,
    signature: SignatureValue,
    name: PackageName,
    version: VersionNumber,
    integrity: Integrity,
    registry: Type.Optional(text('Of an author: the registry that it was signed for.', 'https://registry.example.com')),
    publishedAt: Type.Optional(timestamp('Of a registry: when the version was published.')),
    signer: Type.Optional(
      Type.String({description: 'Of a registry: the ID of the author’s key, or empty.', example: ''}),
    ),
  },
  {title: 'Attestation', description: 'A signature over a version, with everything that was signed.'},
)

const Distribution = Type.Object(
  {
    tarball: text('Where the tarball is.', 'https://registry.example.com/packages/%40acme%2Fdeploy/1.2.3/tarball'),
    integrity: Integrity,
    signatures: Type.Array(Signature, {description: 'Over the integrity alone, by keys of the registry.'}),
    attestations: Type.Array(Attestation, {description: 'The signatures to verify.'}),
    size: count('Bytes of the tarball.', 2048),
    unpackedSize: count('Bytes of the files in the tarball.', 8192),
    fileCount: count('How many files are in the tarball.', 3),
  },
  {title: 'Distribution', description: 'The tarball of a version.'},
)

const Publisher = Type.Object(
  {username: text('The name of the user.', 'acme')},
  {title: 'Publisher', description: 'The user who published a version.'},
)

const deprecated = text('Why not to use it. Absent unless it is deprecated.', 'Use @acme/release instead')
const description = text('What the package does.', 'Deploys a service and watches its logs')

export const Version = Type.Object(
  {
    version: VersionNumber,
    type: PackageType,
    dist: Distribution,
    publishedAt: timestamp('When it was published.'),
    publishedBy: Publisher,
    dependencies: Type.Record(Type.String(), Type.String(), {
      propertyNames: PackageName,
      description: 'Version ranges by the names of packages.',
      example: {'@acme/logs': '^2.0.0'},
    }),
    description: Type.Optional(description),
    license: Type.Optional(text('An SPDX expression.', 'MIT')),
    keywords: Type.Optional(
      Type.Array(Type.String(), {description: 'Words to find the package by.', example: ['deploy']}),
    ),
    repository: Type.Optional(text('Where the source is.', 'https://github.com/acme/deploy')),
    homepage: Type.Optional(text('The web page of the package.', 'https://example.com/deploy')),
    origin: Type.Optional(Tool),
    targets: Type.Optional(
      Type.Array(Tool, {description: 'The tools that it works in.', example: ['claude-code', 'cursor']}),
    ),
    deprecated: Type.Optional(deprecated),
  },
  {title: 'Version', description: 'A version of a package.'},
)

const Maintainer = Type.Object(
  {
    username: text('The name of the user.', 'acme'),
    role: words(['owner', 'publisher'], {description: '`owner`: the scope is the name of the user.'}),
  },
  {title: 'Maintainer', description: 'A user who can publish versions of a package.'},
)

export const Package = Type.Object(
  {
    name: PackageName,
    distTags: Type.Record(Type.String(), VersionNumber, {
      propertyNames: DistTagName,
      description: 'Versions by the dist-tags that name them.',
      example: {latest: '1.2.3'},
    }),
    versions: Type.Record(Type.String(), Version, {
      propertyNames: VersionNumber,
      description: 'Every version that was not taken down, by its number.',
    }),
    maintainers: Type.Array(Maintainer, {description: 'Who can publish, by name.'}),
    visibility: Visibility,
    createdAt: timestamp('When its first version was published.'),
    updatedAt: timestamp('When it last changed.'),
    signers: Type.Optional(Type.Array(Signer, {description: 'The keys that its versions are signed with.'})),
    description: Type.Optional(description),
    readme: Type.Optional(text('The readme of the version that `latest` names.', '# Deploy')),
    deprecated: Type.Optional(deprecated),
  },
  {title: 'Package', description: 'A package with all of its versions.'},
)

export const PublishedVersion = Type.Object(
  {
    name: PackageName,
    version: VersionNumber,
    integrity: Integrity,
    publishedAt: timestamp('When it was published.'),
    identical: Type.Optional(
      Type.Boolean({description: 'True if the version was published before, with the same bytes.', example: true}),
    ),
    tag: Type.Optional(DistTagName),
    signer: Type.Optional(KeyId),
  },
  {
    title: 'PublishedVersion',
    description:
      'A version that was published. `tag` is the dist-tag that was set; `signer`, the key that it is signed with.',
  },
)

export const DistTag = Type.Object(
  {tag: DistTagName, version: VersionNumber},
  {title: 'DistTag', description: 'A dist-tag, and the version that it names.'},
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

const SearchResult = Type.Object(
  {
    name: PackageName,
    version: Type.Optional(VersionNumber),
    description: Type.Optional(description),
    keywords: Type.Optional(
      Type.Array(Type.String(), {description: 'Words to find the package by.', example: ['deploy']}),
    ),
    type: Type.Optional(PackageType),
    origin: Type.Optional(Tool),
    targets: Type.Optional(
      Type.Array(Tool, {description: 'The tools that it works in.', example: ['claude-code', 'cursor']}),
    ),
    publisher: Publisher,
    deprecated: Type.Optional(deprecated),
  },
  {title: 'SearchResult', description: 'A package that was found.'},
)

export const SearchResults = Type.Object(
  {
    results: Type.Array(SearchResult, {description: 'Best match first.'}),
    total: count('How many packages match.', 1),
  },
  {title: 'SearchResults', description: 'A page of the packages that match.'},
)

export type Attestation = Type.Static<typeof Attestation>
export type Package = Type.Static<typeof Package>
export type PublishedVersion = Type.Static<typeof PublishedVersion>
export type Version = Type.Static<typeof Version>
