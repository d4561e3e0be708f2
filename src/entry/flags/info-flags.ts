import {Flags} from '@oclif/core'

/** What `apkg info` shows instead of the facts about a package. */
export const infoFlags = {
  files: Flags.boolean({
    summary: 'List the files of the version, and what they let tools do. Downloads the package.',
    exclusive: ['readme'],
  }),
  readme: Flags.boolean({summary: 'Show the readme of `latest`, or else the definition, in a pager on a terminal.'}),
}
