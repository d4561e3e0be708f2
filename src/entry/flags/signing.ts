import {Flags} from '@oclif/core'

/** Whether, and with which key, a publication is signed. */
export const signingFlags = {
  sign: Flags.boolean({
    summary: 'Sign it, or fail where there is no key to sign with; with --no- leave it unsigned.',
    allowNo: true,
  }),
  key: Flags.string({
    summary: 'The key to sign with: its id, the beginning of it (4 characters or more), or its name.',
    helpValue: '<key>',
  }),
}
