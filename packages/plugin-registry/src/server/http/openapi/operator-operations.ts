import {ChangedMember} from './member-responses.js'
import type {Operation} from './operations.js'
import * as responses from './operator-responses.js'

const tag = 'operator'

/** How the OpenAPI document describes the endpoints of operators. */
export const operatorOperations = {
  listUsers: {
    tag,
    summary: 'List users',
    description: 'Returns the users by name, except those that were removed.',
    success: 'The users.',
    response: responses.ManagedUserPage,
  },
  addUser: {
    tag,
    summary: 'Add a user',
    description:
      'Adds a user with a password. Users and organizations share one namespace, and names are never reused.',
    success: 'The user.',
    response: responses.ManagedUser,
  },
  getUser: {
    tag,
    summary: 'Get a user',
    description: 'Returns a user.',
    success: 'The user.',
    response: responses.ManagedUser,
  },
  enableUser: {
    tag,
    summary: 'Enable a user',
    description:
      'Enables a disabled user. Sessions and tokens of the user work again unless they have expired. An operator can be enabled only on the server.',
    success: 'The user is enabled.',
  },
  endUserAccess: {
    tag,
    summary: 'Disable or remove a user, or revoke all credentials',
    description:
      'Disables a user, removes a user permanently, or revokes all sessions and tokens of a user. Tokens and trusted publishers that the user created for organizations are suspended, and their admins can resume them. The access of another operator can be ended only on the server.',
    success: 'What was revoked, and what else the user created.',
    response: responses.DepartureResponse,
  },
  setUserPassword: {
    tag,
    summary: 'Change a password',
    description:
      'Changes the password of a user and revokes the sessions of the user. API tokens stay valid. The password of an operator can be changed only on the server.',
    success: 'The password is changed.',
  },
  enrollUserMfa: {
    tag,
    summary: 'Set up MFA for a user',
    description:
      'Creates a secret for an authenticator app, and recovery codes. From then on, the user needs a code to log in. The factors of an operator can be changed only on the server.',
    success: 'The secret and the recovery codes. They cannot be retrieved later.',
    response: responses.MfaEnrollment,
  },
  listOrganizations: {
    tag,
    summary: 'List organizations',
    description: 'Returns the organizations by name, with their members and roles.',
    success: 'The organizations.',
    response: responses.ManagedOrganizationPage,
  },
  createOrganization: {
    tag,
    summary: 'Create an organization',
    description:
      'Creates an organization without members. Users and organizations share one namespace, and names are never reused.',
    success: 'The organization.',
    response: responses.ManagedOrganization,
  },
  getOrganization: {
    tag,
    summary: 'Get an organization',
    description: 'Returns an organization with its members and roles.',
    success: 'The organization.',
    response: responses.ManagedOrganization,
  },
  setOrganizationMember: {
    tag,
    summary: 'Add a member to any organization, or change a role',
    description: 'Adds a user to an organization, or changes the role of a member.',
    success: 'The user is a member with this role.',
    response: ChangedMember,
  },
  removeOrganizationMember: {
    tag,
    summary: 'Remove a member from any organization',
    description:
      'Removes a user from an organization. Tokens and trusted publishers that the user created for the organization are suspended. The last admin can be removed, too.',
    success: 'What else the user created for the organization.',
    response: responses.DepartureResponse,
  },
  listInvitations: {
    tag,
    summary: 'List invitations',
    description: 'Returns the invitations and the resets of passwords that can still be used, without their codes.',
    success: 'The invitations.',
    response: responses.InvitationList,
  },
  createInvitation: {
    tag,
    summary: 'Invite a user',
    description:
      'Creates a link with which a person sets a password and becomes a user with this name. It works once, for 72 hours, and only while the operator has the role. A registry without pages responds with 404.',
    success: 'The link.',
    response: responses.CreatedInvitation,
  },
  revokeInvitation: {
    tag,
    summary: 'Revoke an invitation',
    description: 'Revokes an invitation that was not used.',
    success: 'The invitation is revoked.',
  },
  resetUser: {
    tag,
    summary: 'Reset a password',
    description:
      'Creates a link with which a user sets a new password. It works once, for 24 hours. The sessions of the user and earlier links are revoked. Other factors and API tokens are kept. The password of an operator can be reset only on the server.',
    success: 'The link.',
    response: responses.CreatedInvitation,
  },
  acceptInvitation: {
    tag: 'sessions',
    summary: 'Accept an invitation',
    description: 'Uses up an invitation: adds the user, or sets the password after a reset.',
    success: 'The user can log in.',
    response: responses.AcceptedInvitation,
  },
} as const satisfies Record<string, Operation>
