import {listPublishers} from '../../../account/trusted-publishing/list-publishers.js'
import type {ValueSource} from './value-source.js'

/** The IDs of the trusted publishers that the user manages on the registry of the project's package. */
export const trustedPublishers: ValueSource = {
  asked: {
    about: () => '',
    isOfProject: true,
    async ask(client) {
      const {publishers} = await listPublishers(client)
      return publishers.map(({id, name, package: of}) => ({value: id, description: `${name}, publishes ${of}`}))
    },
  },
}
