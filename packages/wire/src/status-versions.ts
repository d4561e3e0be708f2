/** How many versions a request for their status can name. Clients send several requests for more. */
export const maxStatusVersions = 1000
