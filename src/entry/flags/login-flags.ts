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
  browser: Flags.boolean({
    summary: 'Log in with a browser.',
    description:
      'The default on a terminal if the registry offers it and you pass no other way to log in. With --no-browser, no browser is opened: apkg prints a URL and a code to enter there.',
    allowNo: true,
    exclusive: ['username', 'password-stdin', 'otp', 'with-token'],
  }),
  request: Flags.boolean({
    summary: 'Request a login that you approve in a browser, and exit immediately.',
    description: 'Prints a ticket for --check.',
    exclusive: ['username', 'password-stdin', 'otp', 'with-token', 'browser', 'check', 'set-default'],
  }),
  check: Flags.string({
    summary: 'Check once whether a requested login was approved, and store it.',
    description: 'Exits with code 7 if it is still waiting for approval, 3 if it was denied, and 4 if it expired.',
    helpValue: '<ticket>',
    exclusive: ['username', 'password-stdin', 'otp', 'with-token', 'browser'],
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
