import type {ValueSource} from './value-source.js'

/** The organizations that the user is an admin of. */
export const managedOrganizations: ValueSource = {
  asked: {
    about: () => '',
    async ask(client) {
      const {orgs} = await client.call('whoami', {})
      return (orgs ?? []).filter(({role}) => role === 'admin').map(({name}) => ({value: name, description: 'admin'}))
    },
  },
}
