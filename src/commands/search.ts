import {RegistryCommand} from '@apkg/command-kit'
import {Args, Flags} from '@oclif/core'

import {searchPackages, type SearchResult} from '../catalog/search/search-packages.js'
import {publicOnlyNote, searchResultNote, searchResultText} from '../views/catalog/search-result.js'

/** One page of matching packages. */
export interface SearchPage extends SearchResult {
  /** URL of the registry. */
  registry: string
}

export default class Search extends RegistryCommand<SearchPage> {
  static override readonly summary = 'Search the registry for packages.'

  static override readonly description = `Searches names, keywords, descriptions and readmes, and shows the best matches first. An asterisk marks the tool that the package was made for. Private packages are included if a login or a token gives you access to them. The ID token of a CI job is not exchanged for a search.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> review',
    '<%= config.bin %> <%= command.id %> commit messages --limit 5',
    {
      description: 'Show the second page',
      command: '<%= config.bin %> <%= command.id %> review --offset 20',
    },
  ]

  static override readonly auth = 'optional'

  static override readonly args = {
    query: Args.string({description: 'Words to search for.', required: true, multiple: true, ignoreStdin: true}),
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
    const text = args.query.join(' ')
    const {client} = await this.connect(flags)
    const found = await searchPackages(client, text, flags)
    const note = searchResultNote(found, text)
    const result = {registry: client.registry, ...found}
    await this.show(result, searchResultText(found))
    if (note !== undefined) this.note(note)
    if (!client.credential && client.onDemand) this.note(publicOnlyNote)
    return result
  }
}
