import type {Command} from '@oclif/core'

/** Returns the command lines in a command's examples, as a user would type them. */
export function exampleLines({id, examples = []}: Command.Loadable): string[] {
  return examples
    .map((example) => (typeof example === 'string' ? example : example.command))
    .map((line) =>
      line.replaceAll('<%= config.bin %>', 'apkg').replaceAll('<%= command.id %>', id.replaceAll(':', ' ')),
    )
}

/** Splits a command line into words, without quotes, up to the first pipe. */
export function shellWords(line: string): string[] {
  const words: string[] = line.match(/'[^']*'|"[^"]*"|[^\s'"|]+|\|/g) ?? []
  const end = words.indexOf('|')
  return (end === -1 ? words : words.slice(0, end)).map((word) => word.replace(/^(['"])(.*)\1$/, '$2'))
}
