import {RegistryCommand} from '@apkg/command-kit'
import {Args} from '@oclif/core'

import {chooseSessions} from '../../account/session/choose-sessions.js'
import {
  removeRevokedLogin,
  revokeSessions,
  sessionExitCode,
  type SessionRevocation,
} from '../../account/session/revoke-sessions.js'
import {sessionQueryOf, sessionRevocationFlags} from '../../entry/flags/session-revocation-flags.js'
import {sessionChoices, sessionQuestion, sessionRevocationLines} from '../../views/account/session-revocations.js'
import {momentsOn} from '../../views/moment.js'

/** The sessions, and whether each was revoked. */
export interface SessionRevokeResult {
  /** URL of the registry. */
  registry: string
  /** The outcome for each session. */
  sessions: SessionRevocation[]
  /** Whether the stored login was removed from this machine, because its session was revoked. */
  loggedOut: boolean
}

export default class SessionRevoke extends RegistryCommand<SessionRevokeResult> {
  static override readonly summary = 'Revoke login sessions by ID.'

  static override readonly description = `A revoked session stops working immediately. API tokens that were created with it keep working. If you revoke the session in use, the login is also removed from this machine.

An argument is an ID or a unique prefix of an ID (4 characters or more). If an argument matches several sessions, or no argument matches any, nothing is revoked. If only some arguments match, those sessions are revoked, and the exit code is 6. Without arguments, you can choose from a list on a terminal.

If you have the value of a leaked access or refresh token, \`apkg token revoke --values-stdin\` revokes its session without a login.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> 6m2c',
    {
      description: 'Log out everywhere except here',
      command: '<%= config.bin %> <%= command.id %> --all --except-current',
    },
  ]

  static override readonly completion = {sessions: 'session'}

  static override readonly args = {
    sessions: Args.string({
      description: 'IDs of the sessions to revoke, or prefixes of IDs.',
      multiple: true,
      ignoreStdin: true,
    }),
  }

  static override readonly flags = sessionRevocationFlags

  async run(): Promise<SessionRevokeResult> {
    const {args, flags} = await this.parse(SessionRevoke)
    const query = sessionQueryOf(args.sessions ?? [], flags)
    const {client} = await this.connect(flags)
    const prompts = {choices: sessionChoices, question: sessionQuestion}
    const selection = await chooseSessions(client, query, this.ports, prompts)
    const sessions = await revokeSessions(client, selection, {isDryRun: flags['dry-run']})
    const loggedOut = await removeRevokedLogin(client, sessions, this.ports.home)
    const moment = momentsOn(this.ports.stderr, this.ports.now())
    this.note(sessionRevocationLines(sessions, loggedOut ? client.registry : undefined, moment))
    this.endWith(sessionExitCode(sessions))
    return this.show({registry: client.registry, sessions, loggedOut}, '')
  }
}
