/** The backends that a configuration may redirect one by one. */
export const services = ['auth', 'package', 'mfa', 'search', 'key', 'token', 'registry'] as const

export type Service = (typeof services)[number]
