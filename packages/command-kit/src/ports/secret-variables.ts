/**
 * Whether a variable contains a token or a passphrase, or where to request an ID token, which unrelated processes must not inherit. On Windows, names of
 * variables are case-insensitive.
 */
export function isSecretVariable(name: string): boolean {
  return /^(APKG_(TOKEN|ID_TOKEN|KEY_PASSPHRASE)|ACTIONS_ID_TOKEN_REQUEST_)/i.test(name)
}

/** The environment to pass to a child process. */
export function withoutSecrets(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isSecretVariable(name)))
}
