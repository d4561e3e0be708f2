import * as Type from 'typebox'

/** Responses to operators. See `responses.ts`. */

const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])

const nextCursor = Type.Optional(nullable(Type.String({description: 'Opaque; absent on the last page'})))

const time = Type.String({description: 'RFC 3339'})

export const ManagedUser = Type.Object({
  name: Type.String(),
  email: Type.String(),
  createdAt: time,
  disabledAt: nullable(time),
  mfaEnabledAt: nullable(time),
  operatorSince: nullable(time),
})

export const ManagedUserPage = Type.Object({users: Type.Array(ManagedUser), nextCursor})

export const MfaEnrollment = Type.Object({
  name: Type.String(),
  secret: Type.String(),
  url: Type.String(),
  recoveryCodes: Type.Array(Type.String()),
})

/** Access that a user created, and whether the registry suspended it. */
const createdAccess = {
  organizationTokens: Type.Array(
    Type.Object({
      id: Type.String(),
      label: Type.String(),
      organization: Type.String(),
      suspended: Type.Boolean({description: 'Whether it was already suspended'}),
    }),
  ),
  trustedPublishers: Type.Array(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      package: Type.String(),
      suspended: Type.Boolean({description: 'Whether it was already suspended'}),
    }),
  ),
}

export const DepartureResult = Type.Object({
  sessions: Type.Integer(),
  tokens: Type.Integer(),
  ...createdAccess,
})

const invitation = {
  id: Type.String(),
  kind: Type.String({description: '`invite`, or `reset` for a forgotten password'}),
  name: Type.String({description: 'The username'}),
  email: nullable(Type.String()),
  organization: nullable(Type.String()),
  role: nullable(Type.String()),
  createdBy: nullable(Type.String({description: 'A username; null for a command on the server'})),
  createdAt: time,
  expiresAt: time,
}

export const InvitationList = Type.Object({invitations: Type.Array(Type.Object(invitation))})

export const CreatedInvitation = Type.Object({
  ...invitation,
  url: Type.String({description: 'The link. The code is after `#`'}),
  sessions: Type.Integer({description: 'How many sessions a reset revoked'}),
})

export const AcceptedInvitation = Type.Object({username: Type.String()})

export const ManagedOrganization = Type.Object({
  name: Type.String(),
  createdAt: time,
  members: Type.Array(Type.Object({user: Type.String(), role: Type.String()})),
})

export const ManagedOrganizationPage = Type.Object({organizations: Type.Array(ManagedOrganization), nextCursor})
