import {listTokens} from '../../../account/token/list-tokens.js'
import type {ValueSource} from '../value-source.js'

/** The live tokens of the user, each by its label and by its id. */
export const tokens: ValueSource = {
  asked: {
    about: () => '',
    async ask(client) {
      const all = await listTokens(client)
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
