/**
 * The roles of members of an organization: a `reader` can read private packages, a `publisher` can also publish, tag and
 * deprecate, and an `admin` can also manage members, tokens and trusted publishers.
 */
export const organizationRoles = ['admin', 'publisher', 'reader'] as const

export type OrganizationRole = (typeof organizationRoles)[number]
