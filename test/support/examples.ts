import type {Command} from '@oclif/core'

/** The command lines of a command's examples, as a user would type them. */
export function exampleLines({id, examples = []}: Command.Loadable): string[] {
  return examples
    .map((example) => (typeof example === 'string' ? example : example.command))
    .map((line) =>
      line.replaceAll('<%= config.bin %>', 'apkg').replaceAll('<%= command.id %>', id.replaceAll(':', ' ')),
    )
}

/** The words of a command line up to a pipe, without quotes. */
export function shellWords(line: string): string[] {
  const words: string[] = line.match(/'[^']*'|"[^"]*"|[^\s'"|]+|\|/g) ?? []
  const end = words.indexOf('|')
  return (end === -1 ? words : words.slice(0, end)).map((word) => word.replace(/^(['"])(.*)\1$/, '$2'))
}
