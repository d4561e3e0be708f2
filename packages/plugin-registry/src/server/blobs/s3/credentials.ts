/** What signs requests. */
export interface S3Credentials {
  accessKeyId: string
  secretAccessKey: string
  sessionToken?: string | undefined
}

/** Returns credentials that are valid now. @param isRejected whether the store rejected the previous ones */
export type CredentialProvider = (isRejected: boolean) => Promise<S3Credentials>

/**
 * Provides the key in the environment, or else credentials of the other sources of the AWS SDK: profiles, web identity,
 * containers and instance metadata. The SDK refreshes them before they expire.
 */
export function credentialProvider(env: NodeJS.ProcessEnv): CredentialProvider {
  const {AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: token} = env
  if (accessKeyId && secretAccessKey && !env['AWS_PROFILE']) {
    return async () => ({accessKeyId, secretAccessKey, sessionToken: token || undefined})
  }
  let provider: Promise<(options: {forceRefresh: boolean}) => Promise<S3Credentials>> | undefined
  return async (isRejected) => {
    provider ??= import('@aws-sdk/credential-provider-node').then(({defaultProvider}) => defaultProvider() as never)
    return (await provider)({forceRefresh: isRejected})
  }
}
