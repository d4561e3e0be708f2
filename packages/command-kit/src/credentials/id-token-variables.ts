/** The name of the credential source for trusted publishing. The names of its credentials start with it. */
export const trustedPublishing = 'trusted publishing'

/** Whether a credential comes from trusted publishing. @param source its name */
export function isTrustedPublishing(source: string): boolean {
  return source === trustedPublishing || source.startsWith(`${trustedPublishing} (`)
}

/** Whether a CI job can request ID tokens: GitHub Actions with the permission `id-token: write`, or `APKG_ID_TOKEN`. */
export function hasIdToken(env: NodeJS.ProcessEnv): boolean {
  const fromGitHub = Boolean(env['ACTIONS_ID_TOKEN_REQUEST_URL'] && env['ACTIONS_ID_TOKEN_REQUEST_TOKEN'])
  return env['APKG_ID_TOKEN'] !== undefined || fromGitHub
}
