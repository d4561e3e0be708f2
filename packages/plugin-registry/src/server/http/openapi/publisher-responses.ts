import {PublisherPackage, PublisherProvider, ScopePattern, TokenId} from '@apkg/wire/protocol'
import * as Type from 'typebox'

import {nullable, stringEnum, text, timestamp} from './fields.js'

// Responses of the trusted publishing endpoints; see `account-responses.ts`.

const example = 'https://token.actions.githubusercontent.com'

export const VerifiedOrigin = Type.Object(
  {
    provider: PublisherProvider,
    issuer: text('The issuer of the ID token.', example),
    subject: text('The `sub` claim.', 'repo:acme/deploy:environment:release'),
    repository: Type.Optional(text('The repository.', 'acme/deploy')),
    repositoryId: Type.Optional(
      text('The numeric ID of the repository, which stays the same when the repository is renamed.', '1296269'),
    ),
    commit: Type.Optional(text('The commit.', '6113728f27ae82c7b1a177c8d03f9e96e0adf246')),
    ref: Type.Optional(text('The branch or tag.', 'refs/heads/main')),
    workflow: Type.Optional(
      text(
        'The workflow or pipeline file, with its repository and ref.',
        'acme/deploy/.github/workflows/publish.yml@refs/heads/main',
      ),
    ),
    run: Type.Optional(text('The URL of the run.', 'https://github.com/acme/deploy/actions/runs/42/attempts/1')),
    environment: Type.Optional(text('The deployment environment of the job.', 'release')),
  },
  {
    title: 'VerifiedOrigin',
    description: 'The CI job that published a version, read from the verified claims of its ID token.',
  },
)

export const TrustedPublisher = Type.Object(
  {
    id: TokenId,
    name: text('The provider and the project.', 'github:acme/deploy'),
    package: PublisherPackage,
    provider: PublisherProvider,
    issuer: text('The issuer of the ID tokens.', example),
    claims: Type.Record(Type.String(), Type.String(), {
      description: 'The claims that an ID token must have. The IDs of the project are added at the first exchange.',
      example: {repository: 'acme/deploy', repository_id: '1296269', repository_owner_id: '9919'},
    }),
    workflow: nullable(text('The workflow file.', 'publish.yml'), 'The workflow file. Only for GitHub.'),
    events: nullable(
      Type.Array(Type.String(), {example: ['push', 'release']}),
      'The events that can start the workflow. Only for GitHub.',
    ),
    status: stringEnum(['active', 'pending', 'expired', 'suspended'], {
      title: 'TrustedPublisherStatus',
      description:
        '`pending`: no job has used it yet. `expired`: no job used it within 7 days. `suspended`: the registry was restored from a backup; add it again.',
    }),
    createdAt: timestamp('When it was added.'),
    createdBy: text('The user who added it.', 'acme'),
    pinnedAt: nullable(
      timestamp('When the IDs of its project were recorded.'),
      'When the IDs of its project were recorded, or null if there are none or the request contained them.',
    ),
    pendingUntil: nullable(
      timestamp('When it expires unless a job uses it.'),
      'When it expires unless a job uses it, or null if it does not expire.',
    ),
    lastUsedAt: nullable(
      timestamp('When an ID token was last exchanged.'),
      'When an ID token was last exchanged, or null if never.',
    ),
  },
  {
    title: 'TrustedPublisher',
    description: 'A project whose jobs can publish a package, or the packages of a scope.',
  },
)

export const TrustedPublisherList = Type.Object(
  {
    publishers: Type.Array(TrustedPublisher, {description: 'The trusted publishers, oldest first.'}),
    required: Type.Array(ScopePattern, {description: 'The scopes that only their trusted publishers can change.'}),
  },
  {title: 'TrustedPublisherList', description: 'The trusted publishers of the scopes that a user manages.'},
)

export const TrustedPublishingRequirement = Type.Object(
  {
    package: ScopePattern,
    required: Type.Boolean({description: 'Whether only trusted publishers can change its packages.', example: true}),
  },
  {
    title: 'TrustedPublishingRequirement',
    description: 'Whether only trusted publishers can change the packages of a scope.',
  },
)

export type TrustedPublisher = Type.Static<typeof TrustedPublisher>
