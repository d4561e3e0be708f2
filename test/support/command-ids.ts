import {readFileSync} from 'node:fs'

interface ManifestCommand {
  aliases: string[]
}

const commands = ['../../', '../../packages/plugin-registry/'].flatMap((folder) => {
  const text = readFileSync(new URL(`${folder}oclif.manifest.json`, import.meta.url), 'utf8')
  return Object.entries((JSON.parse(text) as {commands: Record<string, ManifestCommand>}).commands)
})

/** The oclif IDs of all commands of the CLI and the registry plugin: `token:create`. */
export const commandIds: readonly string[] = commands.map(([id]) => id)

/** The IDs of all commands by the name of their class: `TokenCreate`. */
export const idsByClass: ReadonlyMap<string, string> = new Map(commandIds.map((id) => [className(id), id]))

const idsByName = new Map(commands.flatMap(([id, {aliases}]) => [id, ...aliases].map((name) => [name, id])))

/** Returns the ID of the command in the arguments of `apkg`. Undefined for commands of other plugins. */
export function commandIdOf(args: readonly string[]): string | undefined {
  const words = args.filter((word, index) => !word.startsWith('-') && args[index - 1] !== '--registry')
  for (let count = words.length; count > 0; count--) {
    const id = idsByName.get(words.slice(0, count).join(':'))
    if (id !== undefined) return id
  }
  return undefined
}

function className(id: string): string {
  return id.replaceAll(/(?:^|[:-])(\w)/g, (_, letter: string) => letter.toUpperCase())
}
