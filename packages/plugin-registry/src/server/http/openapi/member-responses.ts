import {OrganizationName, OrganizationRole, PublisherPackage, TokenId, Username} from '@apkg/wire/protocol'
import * as Type from 'typebox'

import {stringEnum, text} from './fields.js'

// Responses of the endpoints for members of organizations; see `account-responses.ts`.

const member = {user: Username, role: OrganizationRole}

export const MemberList = Type.Object(
  {
    organization: OrganizationName,
    members: Type.Array(Type.Object(member, {title: 'Member', description: 'A member of an organization.'}), {
      description: 'The members, by username.',
    }),
  },
  {title: 'MemberList', description: 'The members of an organization.'},
)

export const ChangedMember = Type.Object(
  {
    organization: OrganizationName,
    ...member,
    outcome: stringEnum(['added', 'changed', 'unchanged'], {description: 'What the request changed.'}),
  },
  {title: 'ChangedMember', description: 'A member of an organization, after a change.'},
)

const status = stringEnum(['suspended', 'already', 'kept'], {
  title: 'LeftAccessStatus',
  description: '`already`: it was already suspended. `kept`: it still works.',
})

export const RemovedMember = Type.Object(
  {
    organization: OrganizationName,
    user: Username,
    tokens: Type.Array(
      Type.Object(
        {id: TokenId, name: text('The label.', 'deploy'), status},
        {title: 'LeftToken', description: 'A token of the organization that the user created.'},
      ),
      {description: 'The tokens of the organization that the user created.'},
    ),
    trustedPublishers: Type.Array(
      Type.Object(
        {
          id: TokenId,
          name: text('The provider and the project.', 'github:acme/deploy'),
          package: PublisherPackage,
          status,
        },
        {title: 'LeftPublisher', description: 'A trusted publisher that the user added.'},
      ),
      {description: 'The trusted publishers of the organization that the user added.'},
    ),
  },
  {title: 'RemovedMember', description: 'A removed member, and what the user created for the organization.'},
)
