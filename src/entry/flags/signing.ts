import {Flags} from '@oclif/core'

/** Flags that decide whether, and with which key, a version is signed. */
export const signingFlags = {
  sign: Flags.boolean({
    summary: 'Sign the version, and fail without a signing key. --no-sign publishes it unsigned.',
    allowNo: true,
  }),
  key: Flags.string({
    summary: 'Key to sign with: its ID, a unique prefix of it (4 characters or more), or its name.',
    helpValue: '<key>',
  }),
}
