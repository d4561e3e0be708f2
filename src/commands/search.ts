import {Args, Flags} from '@oclif/core'

import {searchPackages, type SearchResult} from '../catalog/search/search-packages.js'
import {RoutedCommand} from '../entry/routed-command.js'
import {elsewhereNote, publicOnlyNote, searchResultNote, searchResultText} from '../views/catalog/search-result.js'

/** One page of matching packages. */
export interface SearchPage extends SearchResult {
  /** URL of the registry. */
  registry: string
}

export default class Search extends RoutedCommand<SearchPage> {
  static override readonly summary = 'Search the registry for packages.'

  static override readonly description = `Searches names, keywords, descriptions and readmes, and shows the best matches first. Without words, lists the newest packages. An asterisk marks the tool that the package was made for. Private packages are included if a login or a token gives you access to them. The ID token of a CI job is not exchanged for a search.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> review',
    '<%= config.bin %> <%= command.id %> commit messages --limit 5',
    {description: 'List the newest packages', command: '<%= config.bin %> <%= command.id %>'},
    {
      description: 'Show the second page',
      command: '<%= config.bin %> <%= command.id %> review --offset 20',
    },
  ]

  static override readonly auth = 'optional'

  static override readonly args = {
    query: Args.string({description: 'Words to search for.', multiple: true, ignoreStdin: true}),
  }

  static override readonly flags = {
    limit: Flags.integer({
      summary: 'Maximum number of packages to show.',
      helpValue: '<n>',
      min: 1,
      max: 250,
      default: 20,
    }),
    offset: Flags.integer({
      summary: 'Number of packages to skip.',
      helpValue: '<n>',
      min: 0,
      max: 100_000,
      default: 0,
    }),
  }

  async run(): Promise<SearchPage> {
    const {args, flags} = await this.parse(Search)
    const text = (args.query ?? []).join(' ')
    const {client} = await this.connect(flags)
    const found = await searchPackages(client, text, flags)
    const note = searchResultNote(found, text)
    const result = {registry: client.registry, ...found}
    await this.show(result, searchResultText(found, text))
    if (note !== undefined) this.note(note)
    const elsewhere = await this.routedElsewhere(client, flags)
    if (elsewhere.length > 0) this.note(elsewhereNote(client.registry, elsewhere))
    if (!client.credential && client.onDemand) this.note(publicOnlyNote)
    return result
  }
}
