import * as Type from 'typebox'

import {OrganizationName, OrganizationRole, TokenId, Username} from './values.js'

/** Requests of operators. See `requests.ts`. */

const closed = {additionalProperties: false}

const pageLimit = Type.Optional(
  Type.Integer({minimum: 1, maximum: 1000, description: 'How many entries a page has; all by default.', example: 50}),
)

const nameCursor = Type.Optional(
  Type.String({
    minLength: 1,
    maxLength: 64,
    pattern: '^[a-z0-9-]+$',
    fault: 'must be the `nextCursor` of a previous page',
    description: 'Where the page starts: the `nextCursor` of the previous page.',
    example: 'ada',
  }),
)

export const UserParams = Type.Object({user: Username})

export const NamePageQuery = Type.Object({limit: pageLimit, cursor: nameCursor})

const Password = Type.String({
  minLength: 8,
  maxLength: 1024,
  description: 'At least 8 characters.',
  example: 'correct horse battery staple',
})

const Email = Type.String({
  maxLength: 254,
  pattern: '^[^\\s\\u0000-\\u001F\\u007F-\\u009F@]+@[^\\s\\u0000-\\u001F\\u007F-\\u009F@]+$',
  fault: 'must be an email address',
  description: 'The email address.',
  example: 'ada@example.com',
})

export const AddUserRequest = Type.Object(
  {name: Username, email: Email, password: Password},
  {title: 'AddUserRequest', description: 'The user to add.', ...closed},
)

export const SetPasswordRequest = Type.Object(
  {password: Password},
  {title: 'SetPasswordRequest', description: 'The new password.', ...closed},
)

export const EnrollMfaRequest = Type.Object(
  {
    reset: Type.Optional(
      Type.Boolean({description: 'Whether to replace the secret and the recovery codes that the user has.'}),
    ),
  },
  {title: 'EnrollMfaRequest', description: 'How to set up multi-factor authentication.', ...closed},
)

/** What ends of a user's access: the account for a while or for good, or all credentials. */
export const departureKinds = ['disable', 'remove', 'revoke-all'] as const

export const DepartureRequest = Type.Object(
  {
    kind: Type.Unsafe<(typeof departureKinds)[number]>({
      type: 'string',
      enum: departureKinds,
      description:
        '`disable`: reject the sessions and tokens of the user until the user is enabled again. `remove`: remove the user permanently. `revoke-all`: revoke all sessions and tokens.',
      example: 'disable',
    }),
    keepAccess: Type.Optional(
      Type.Boolean({
        description:
          'Whether the tokens and trusted publishers that the user created for organizations keep working. By default, they are suspended.',
      }),
    ),
    dryRun: Type.Optional(Type.Boolean({description: 'Whether to return only what would be changed.'})),
  },
  {title: 'DepartureRequest', description: 'How the access of the user ends.', ...closed},
)

export const CreateOrganizationRequest = Type.Object(
  {name: OrganizationName},
  {title: 'CreateOrganizationRequest', description: 'The organization to create.', ...closed},
)

export const InvitationParams = Type.Object({id: TokenId})

export const CreateInvitationRequest = Type.Object(
  {
    name: Username,
    email: Email,
    organization: Type.Optional(OrganizationName),
    role: Type.Optional(OrganizationRole),
  },
  {
    title: 'CreateInvitationRequest',
    description: 'The user to invite, and the organization to join. The role is `reader` by default.',
    dependentRequired: {role: ['organization']},
    ...closed,
  },
)

export const AcceptInvitationRequest = Type.Object(
  {
    code: Type.String({
      minLength: 1,
      maxLength: 128,
      description: 'The code at the end of the link.',
      example: 'q3Xn0pWc5fJm8sVtq3Xn0pWc5fJm8sVtq3Xn0pWc5fJ',
    }),
    password: Password,
  },
  {title: 'AcceptInvitationRequest', description: 'The code of an invitation, and the password to set.', ...closed},
)

export type NamePageQuery = Type.Static<typeof NamePageQuery>
export type AddUserRequest = Type.Static<typeof AddUserRequest>
export type DepartureRequest = Type.Static<typeof DepartureRequest>
