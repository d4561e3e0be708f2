import {exitCodes, failure, isInteractive, printable, RegistryCommand} from '@apkg/command-kit'

import {loginFlags} from '../entry/flags/login-flags.js'
import {type LoginTicket, withTicketRegistry} from '../account/session/browser/login-ticket.js'
import {ticketNote} from '../views/account/browser-login.js'
import {expiringTokenWarnings} from '../views/account/expiring-tokens.js'
import {chooseDefaultRegistry} from '../entry/choose-default-registry.js'
import {storeLogin, type NewLoginResult} from '../account/session/store-login.js'
import {assertCanBecomeDefault} from '../machine/settings/default-registry.js'
import {overridingVariable} from '../account/session/overriding-variable.js'

/** The login that was saved, and whether its registry is the default. */
export interface LoginResult extends NewLoginResult {
  /** Whether commands use this registry by default. */
  isDefault: boolean
}

export default class Login extends RegistryCommand<LoginResult | LoginTicket> {
  static override readonly summary = 'Log in to a registry and store the session.'

  static override readonly description = `On a terminal, opens your browser if the registry offers that. Over SSH, or without a display, it prints a URL and a code to enter there. With --username, or if the registry has no pages, it prompts for your password instead. The session is sent only to this registry, and is refreshed automatically.

Exits with code 4 if the registry rejects the credentials.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    {
      description: 'Log in without a terminal, and read the password from standard input',
      command: 'cat password.txt | <%= config.bin %> <%= command.id %> --username ada --password-stdin',
    },
    '<%= config.bin %> <%= command.id %> --request --json',
    {
      description: 'Store an existing token for your own registry',
      command:
        'cat token.txt | <%= config.bin %> <%= command.id %> --with-token --registry https://registry.example.com',
    },
  ]

  static override readonly auth = 'none'

  static override readonly flags = loginFlags

  async run(): Promise<LoginResult | LoginTicket> {
    const {flags} = await this.parse(Login)
    if (flags.offline) throw failure('OFFLINE', {purpose: 'log in'})
    const {client} = await this.connect(await withTicketRegistry(flags, this.ports.home))
    const isWanted = flags['set-default']
    if (isWanted) await assertCanBecomeDefault(this.ports.home, client.registry)
    const login = await storeLogin(client, flags, this.ports, this.note.bind(this))
    if ('ticket' in login) {
      if (!flags.request) this.ports.setExitCode(exitCodes.matched)
      this.note(ticketNote(login))
      return this.show(login, flags.request ? login.ticket : '')
    }
    const {registry} = login
    this.success(`Logged in as ${printable(login.username)}`)
    if (!isInteractive(this.ports)) this.note(`Registry: ${registry}`)
    const asks = flags.registry !== undefined && !this.jsonEnabled()
    const {isDefault, note} = await chooseDefaultRegistry({registry, isWanted, asks}, this.ports)
    if (note !== undefined) this.success(note)
    const result = {...login, isDefault}
    const variable = await overridingVariable(registry, this.ports)
    if (variable !== undefined) this.warning(`${variable} is set and overrides this login until you unset it.`)
    this.warnAtEnd(...expiringTokenWarnings(login.expiringTokens, registry, this.ports.now()))
    return this.show(result, '')
  }
}
