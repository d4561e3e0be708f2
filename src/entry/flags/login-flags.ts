import {Flags} from '@oclif/core'

import {parseTotp} from './totp.js'

export const loginFlags = {
  username: Flags.string({summary: 'Your username.'}),
  'password-stdin': Flags.boolean({
    summary: 'Read the password from standard input.',
    description: 'An optional second line contains the authentication code.',
  }),
  otp: Flags.string({
    summary: 'Authentication code from your authenticator app.',
    parse: (text) => Promise.resolve(parseTotp(text)),
  }),
  'with-token': Flags.boolean({
    summary: 'Read an API token from standard input and store it.',
    exclusive: ['username', 'password-stdin', 'otp'],
  }),
  'set-default': Flags.boolean({
    summary: 'Make this registry your default.',
    description: 'Without this flag, apkg asks on a terminal when you log in with --registry.',
  }),
}
