import {RegistryCommand} from '@apkg/command-kit'

import {listSessions} from '../../account/session/list-sessions.js'
import {type Session, sessionFromWire} from '../../account/session/session.js'
import {sessionList} from '../../views/account/session-list.js'

/** Your sessions. */
export interface SessionListResult {
  /** URL of the registry. */
  registry: string
  /** Your active sessions, oldest first. */
  sessions: Session[]
}

export default class SessionList extends RegistryCommand<SessionListResult> {
  static override readonly summary = 'List your login sessions.'

  static override readonly description = `Shows where you are logged in to the registry. Each login has one session, which keeps its ID when it is refreshed. API tokens can't list sessions.

On a terminal, prints a table. Otherwise, prints one session per line, with tab-separated fields: ID, login time, address and agent of the login, last use, address and agent of the last use, expiry, and \`current\` for the session in use.`

  static override readonly examples = ['<%= config.bin %> <%= command.id %>']

  async run(): Promise<SessionListResult> {
    const {flags} = await this.parse(SessionList)
    const {client} = await this.connect(flags)
    const sessions = (await listSessions(client)).map(sessionFromWire)
    return this.show({registry: client.registry, sessions}, sessionList(sessions, this.ports.stdout, this.ports.now()))
  }
}
