import {Label, OrganizationName, OrganizationRole, PublisherPackage, TokenId, Username} from '@apkg/wire/protocol'
import * as Type from 'typebox'

import {nullable, stringEnum, text, timestamp} from './fields.js'

// Responses of the endpoints for operators; see `account-responses.ts`.

const nextCursor = Type.Optional(text('The `cursor` of the next page. Opaque. Absent on the last page.', 'acme-labs'))

export const ManagedUser = Type.Object(
  {
    name: Username,
    email: text('The email address.', 'ada@example.com'),
    createdAt: timestamp('When the user was added.'),
    disabledAt: nullable(timestamp('When the user was disabled.'), 'When the user was disabled, or null.'),
    mfaEnabledAt: nullable(
      timestamp('When multi-factor authentication was set up.'),
      'When multi-factor authentication was set up, or null.',
    ),
    operatorSince: nullable(
      timestamp('When the user became an operator.'),
      'When the user became an operator, or null.',
    ),
  },
  {title: 'ManagedUser', description: 'A user, as operators see it.'},
)

export const ManagedUserPage = Type.Object(
  {users: Type.Array(ManagedUser, {description: 'The users, by name.'}), nextCursor},
  {title: 'ManagedUserPage', description: 'A page of users.'},
)

export const MfaEnrollment = Type.Object(
  {
    name: Username,
    secret: text('The TOTP secret, in Base32.', 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'),
    url: text('The `otpauth:` URL for a QR code.', 'otpauth://totp/apkg:ada?issuer=apkg&secret=JBSWY3DPEHPK3PXP'),
    recoveryCodes: Type.Array(text('A code that works once.', 'r7k2-9x4m-q8wt'), {description: 'The recovery codes.'}),
  },
  {title: 'MfaEnrollment', description: 'The secret and the recovery codes of a user. They are returned only once.'},
)

const suspended = Type.Boolean({description: 'Whether it was suspended before this request.', example: false})

export const DepartureResponse = Type.Object(
  {
    sessions: Type.Integer({minimum: 0, description: 'How many sessions were revoked.', example: 2}),
    tokens: Type.Integer({minimum: 0, description: 'How many tokens were revoked.', example: 3}),
    organizationTokens: Type.Array(
      Type.Object(
        {id: TokenId, label: Label, organization: OrganizationName, suspended},
        {title: 'DepartedToken', description: 'A token of an organization that the user created.'},
      ),
      {description: 'The tokens of organizations that the user created.'},
    ),
    trustedPublishers: Type.Array(
      Type.Object(
        {
          id: TokenId,
          name: text('The provider and the project.', 'github:acme/deploy'),
          package: PublisherPackage,
          suspended,
        },
        {title: 'DepartedPublisher', description: 'A trusted publisher that the user added.'},
      ),
      {description: 'The trusted publishers that the user added.'},
    ),
  },
  {
    title: 'DepartureResponse',
    description:
      'What was revoked, and the access that the user created and that is suspended unless `keepAccess` is set.',
  },
)

export const ManagedOrganization = Type.Object(
  {
    name: OrganizationName,
    createdAt: timestamp('When the organization was created.'),
    members: Type.Array(
      Type.Object(
        {user: Username, role: OrganizationRole},
        {title: 'Member', description: 'A member of an organization.'},
      ),
      {description: 'The members, by username.'},
    ),
  },
  {title: 'ManagedOrganization', description: 'An organization, as operators see it.'},
)

export const ManagedOrganizationPage = Type.Object(
  {organizations: Type.Array(ManagedOrganization, {description: 'The organizations, by name.'}), nextCursor},
  {title: 'ManagedOrganizationPage', description: 'A page of organizations.'},
)

const invitation = {
  id: TokenId,
  kind: stringEnum(['invite', 'reset'], {description: '`invite` for a new user, `reset` for a forgotten password.'}),
  name: Username,
  email: nullable(text('The email address.', 'ada@example.com'), 'The email address, or null for a reset.'),
  organization: nullable(text('The name of the organization.', 'acme-labs'), 'The organization that the user joins.'),
  role: nullable(text('The role.', 'publisher'), 'The role in the organization.'),
  createdBy: nullable(text('A username.', 'ada'), 'The operator who made it, or null for a command on the server.'),
  createdAt: timestamp('When it was made.'),
  expiresAt: timestamp('When it expires.'),
}

export const Invitation = Type.Object(invitation, {title: 'Invitation', description: 'A link to set a password.'})

export const InvitationList = Type.Object(
  {invitations: Type.Array(Invitation, {description: 'The invitations that can be used, oldest first.'})},
  {title: 'InvitationList', description: 'Invitations.'},
)

export const CreatedInvitation = Type.Object(
  {
    ...invitation,
    url: text(
      'The link. Its code is after `#`, which browsers do not send.',
      'https://registry.example.com/-/invite#q3Xn0pWc5fJm8sVtq3Xn0pWc5fJm8sVtq3Xn0pWc5fJ',
    ),
    sessions: Type.Integer({minimum: 0, description: 'How many sessions a reset revoked.', example: 0}),
  },
  {title: 'CreatedInvitation', description: 'A new link. It is returned only once.'},
)

export const AcceptedInvitation = Type.Object(
  {username: text('The username.', 'ada')},
  {title: 'AcceptedInvitation', description: 'Who can log in now.'},
)

export type Invitation = Type.Static<typeof Invitation>
export type ManagedUser = Type.Static<typeof ManagedUser>
export type DepartureResponse = Type.Static<typeof DepartureResponse>
export type ManagedOrganization = Type.Static<typeof ManagedOrganization>
