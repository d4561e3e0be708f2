import type {Markdown, PlacedFile as FileOfTool, SetUpPackage, SetUpType} from '@apkg/command-kit'

import type {Discovery} from './discovery.js'
import type {ToolTraits} from './tool-traits.js'

export type {Definition, PackageFile, SetUpPackage, SetUpType} from '@apkg/command-kit'

export interface PlacedFile extends FileOfTool {
  /** Of the definition that the file is made of, where it is made of one. */
  frontmatter?: Markdown['frontmatter']
}

/** As the kit has it for plugins. */
export type Placement = {files: PlacedFile[]} | {unsupported: string}

/** The types of packages that tools read. Packages of other types are installed and not set up. */
export const setUpTypes = ['skill', 'agent', 'command', 'rule'] as const satisfies readonly SetUpType[]

export interface Tool extends ToolTraits {
  /** A `ToolName`, or what a plugin calls a tool of its own. */
  name: string
  /** Where each type of package goes. */
  place: Readonly<Record<SetUpType, (setUp: SetUpPackage) => Placement>>
  /** How it finds each type; nothing for one that it has no use for. Of a plugin's tool it is not known. */
  loads?: Readonly<Partial<Record<SetUpType, Discovery>>>
  /** What a definition lets it do without asking anybody, from the frontmatter that it gets. */
  preapproves?: Readonly<Partial<Record<SetUpType, (frontmatter: Readonly<Record<string, unknown>>) => string[]>>>
  /** The folder of rules that the tool reads only where AGENTS.md names them. */
  indexesRules?: string
}
