import {Flags} from '@oclif/core'

import {parseTotp} from './totp.js'

/** The flags of commands whose endpoint may require a recent login. */
export const confirmationFlags = {
  'password-stdin': Flags.boolean({
    summary: 'Read your password from standard input, in case the registry asks you to confirm it.',
    description: 'An optional second line contains the authentication code. On a terminal, you are prompted instead.',
    helpGroup: 'ADVANCED',
  }),
  otp: Flags.string({
    summary: 'Authentication code from your authenticator app, in case the registry asks for it.',
    helpValue: '<code>',
    helpGroup: 'ADVANCED',
    parse: (text) => Promise.resolve(parseTotp(text)),
  }),
}
