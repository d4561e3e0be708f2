import {lstat, readdir} from 'node:fs/promises'
import path from 'node:path'

/** A file that a tool would load from a project. */
export interface DiscoveredFile {
  kind: 'skill' | 'agent' | 'command' | 'rule'
  /** The name that the tool gives it. */
  name: string
  /** Relative to the project. */
  file: string
  /** The fields of the frontmatter, or of a TOML file. */
  fields: Record<string, unknown>
  /** The text that the tool gives to the model. */
  text: string
}

/** The files that a tool loads from a project according to its documentation, and those that it ignores. */
export interface Discovery {
  found: DiscoveredFile[]
  ignored: {file: string; why: string}[]
}

/** Reads a file. Throws an `Error` with the reason if the tool would ignore it. */
type ReadDiscovered = (file: string) => Promise<DiscoveredFile>

/** Lists the entries of a directory, relative to the project. Empty if the directory doesn't exist. */
export async function entriesOf(project: string, folder: string): Promise<string[]> {
  const entries = await readdir(path.join(project, folder)).catch((): string[] => [])
  return entries.sort().map((entry) => `${folder}/${entry}`)
}

export async function isFolder(project: string, file: string): Promise<boolean> {
  return (await lstat(path.join(project, file))).isDirectory()
}

export async function discoverEach(files: readonly string[], read: ReadDiscovered): Promise<Discovery> {
  const discovery: Discovery = {found: [], ignored: []}
  for (const file of files) {
    try {
      discovery.found.push(await read(file))
    } catch (error) {
      discovery.ignored.push({file, why: (error as Error).message})
    }
  }
  return discovery
}

export function merge(...discoveries: readonly Discovery[]): Discovery {
  return {
    found: discoveries.flatMap(({found}) => found),
    ignored: discoveries.flatMap(({ignored}) => ignored),
  }
}

export function stemOf(file: string): string {
  return path.posix.parse(file).name
}
