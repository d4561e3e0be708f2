import {listTokens} from '../../../account/token/list-tokens.js'
import type {ValueSource} from './value-source.js'

/** The labels and ids of the user's active tokens. */
export const tokens: ValueSource = {
  asked: {
    about: () => '',
    async ask(client) {
      const all = await listTokens(client, {now: new Date()})
      return [
        ...all.map(({id, label, createdAt}) => ({
          value: label,
          description: `${id}, created ${createdAt.slice(0, 10)}`,
        })),
        ...all.map(({id, label}) => ({value: id, description: label})),
      ]
    },
  },
}
