export const maxOrganizationNameLength = 64

/** Matches the name of an organization, apart from its length. */
export const organizationNamePattern = /^[a-z0-9-]+$/

export function isOrganizationName(text: string): boolean {
  return organizationNamePattern.test(text) && text.length <= maxOrganizationNameLength
}
