/** The parts of a registry's API. The setting `services` can redirect each of them to another URL. */
export const services = ['auth', 'package', 'mfa', 'search', 'key', 'token', 'registry'] as const

export type Service = (typeof services)[number]
