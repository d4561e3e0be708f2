import {listTokens} from '../../../account/token/list-tokens.js'
import type {Token} from '../../../account/token/token.js'
import type {ValueSource} from './value-source.js'

/**
 * The labels of tokens that haven't ended, and then their IDs: those of the organization in --org, or else the user's
 * own.
 */
export const tokens = tokensThat(() => true)

export const activeTokens = tokensThat(({status}) => status === 'active')

export const suspendedTokens = tokensThat(({status}) => status === 'suspended')

function tokensThat(fit: (token: Token) => boolean): ValueSource {
  return {
    asked: {
      about: ({flags: {org = ''}}) => (org === true ? '' : org),
      async ask(client, organization, now) {
        const holder = organization === '' ? {} : {organization}
        const fitting = (await listTokens(client, {now, ...holder})).filter(fit)
        return [
          ...fitting.map(({id, label, createdAt}) => ({
            value: label,
            description: `${id}, created ${createdAt.slice(0, 10)}`,
          })),
          ...fitting.map(({id, label}) => ({value: id, description: label})),
        ]
      },
    },
  }
}
