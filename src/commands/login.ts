import {failure, printable, RegistryCommand} from '@apkg/command-kit'
import {Flags} from '@oclif/core'

import {parseTotp} from '../entry/flags/totp.js'
import {expiringTokenWarnings} from '../views/account/expiring-tokens.js'
import {storeLogin, type LoginResult} from '../account/session/store-login.js'
import {hasEnvironmentToken} from '../account/session/has-environment-token.js'

export default class Login extends RegistryCommand<LoginResult> {
  static override readonly summary = 'Log in to a registry and store the session.'

  static override readonly description = `Prompts for anything that you don't pass as a flag. The session is sent only to this registry, and is refreshed automatically.

Exits with code 4 if the registry rejects the credentials.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    {
      description: 'Log in without a terminal, and read the password from standard input',
      command: 'cat password.txt | <%= config.bin %> <%= command.id %> --username ada --password-stdin',
    },
    {
      description: 'Store an existing token for your own registry',
      command:
        'cat token.txt | <%= config.bin %> <%= command.id %> --with-token --registry https://registry.example.com',
    },
  ]

  static override readonly auth = 'none'

  static override readonly flags = {
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
  }

  async run(): Promise<LoginResult> {
    const {flags} = await this.parse(Login)
    if (flags.offline) throw failure('OFFLINE', {purpose: 'log in'})
    const {client} = await this.connect(flags)
    const result = await storeLogin(client, flags, this.ports)
    this.note(`Logged in as ${printable(result.username)}`)
    if (await hasEnvironmentToken(result.registry, this.ports)) {
      this.warning('APKG_TOKEN is set and overrides this login until you unset it.')
    }
    this.warnInTheEnd(...expiringTokenWarnings(result.expiringTokens, result.registry, this.ports.now()))
    return this.show(result, '')
  }
}
