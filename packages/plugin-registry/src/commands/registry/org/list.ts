import {ApkgCommand} from '@apkg/command-kit'
import {Args} from '@oclif/core'

import {dataFlag} from '../../../operator/flags.js'
import {listOrganisations, type OrganisationSummary} from '../../../operator/organisation-summary.js'
import {withStore} from '../../../operator/with-store.js'
import {organisationList} from '../../../views/organisation-list.js'

export default class RegistryOrgList extends ApkgCommand<{organisations: OrganisationSummary[]}> {
  static override readonly summary = 'List the organisations of a registry, with their members and roles.'
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> acme --json',
  ]
  static override readonly args = {
    organisation: Args.string({description: 'Only this one.', ignoreStdin: true}),
  }
  static override readonly flags = dataFlag

  async run() {
    const {args, flags} = await this.parse(RegistryOrgList)
    const organisations = await withStore({data: flags.data, ports: this.ports}, (store) =>
      listOrganisations(store, args.organisation),
    )
    if (organisations.length === 0) this.note('There are no organisations')
    await this.show({organisations}, organisationList(organisations, this.ports.stdout))
    return {organisations}
  }
}
