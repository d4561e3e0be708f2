import {listPublishers, type PublisherList} from '../../account/trusted-publishing/list-publishers.js'
import {RoutedCommand} from '../../entry/routed-command.js'
import {publisherPackage} from '../../entry/flags/trusted-publisher-flags.js'
import {publisherTable, requirementNote} from '../../views/account/trusted-publishers.js'

export default class TrustedPublisherList extends RoutedCommand<PublisherList> {
  static override readonly summary = 'List the trusted publishers of your packages.'

  static override readonly description = `Lists the publishers of your own scope and of organizations that you administer. No job has used a pending publisher yet.

On a terminal, prints a table. Otherwise, prints one publisher per line, with tab-separated fields: package, publisher, workflow, events, other claims, status, creation, last use, ID.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> "@acme/*"',
  ]

  static override readonly completion = {package: 'package'}

  static override readonly args = {
    package: publisherPackage(
      'Show only publishers of this package, or of @acme/*. By default, all that you manage on the registry of the package in apkg.json.',
    ),
  }

  async run(): Promise<PublisherList> {
    const {args, flags} = await this.parse(TrustedPublisherList)
    const client = await this.connectForOwn(args.package, flags)
    const list = await listPublishers(client, args.package)
    if (list.publishers.length === 0) {
      const none = args.package === undefined ? 'No trusted publishers' : `No trusted publishers for ${args.package}`
      this.note(`${none}. To add one, run \`apkg trusted-publisher add\`.`)
    }
    if (list.required.length > 0) this.note(requirementNote(list.required))
    return this.show(list, publisherTable(list.publishers, this.ports.stdout, this.ports.now()))
  }
}
