import {listSessions} from '../../../account/session/list-sessions.js'
import type {ValueSource} from './value-source.js'

/** The IDs of the user's sessions. */
export const sessions: ValueSource = {
  asked: {
    about: () => '',
    async ask(client) {
      return (await listSessions(client)).map(({id, startedAt, login, current}) => ({
        value: id,
        description: [
          ...(current ? ['this session'] : []),
          `since ${startedAt.slice(0, 10)}`,
          ...(login ? [`from ${login.address}`] : []),
        ].join(', '),
      }))
    },
  },
}
