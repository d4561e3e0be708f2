/**
 * Whether a variable holds a token or a passphrase, which no process of another purpose may inherit. Windows knows no
 * case in names.
 */
export function isSecretVariable(name: string): boolean {
  return /^APKG_(TOKEN|KEY_PASSPHRASE)/i.test(name)
}

/** An environment to hand on. */
export function withoutSecrets(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !isSecretVariable(name)))
}
