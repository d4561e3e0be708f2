import type {PlacedFile as FileOfTool, SetUpPackage as PackageOfKit, SetUpType} from '@apkg/command-kit'
import type {Definition, Markdown} from '@apkg/package-format/conversion'

import type {Discovery} from './discovery.js'
import type {ToolTraits} from './tool-traits.js'

export type {SetUpType} from '@apkg/command-kit'
export type {Definition, PackageFile} from '@apkg/package-format/conversion'

/** The kit's type of the same name, with definitions that can be written as they were. */
export interface SetUpPackage extends PackageOfKit {
  definitions: readonly Definition[]
}

export interface PlacedFile extends FileOfTool {
  /** The frontmatter of the definition that the file was made from, if any. */
  frontmatter?: Markdown['frontmatter']
}

/** The kit's type of the same name, with frontmatter. */
export type Placement = {files: PlacedFile[]} | {unsupported: string}

export interface Tool extends ToolTraits {
  /** A `ToolName`, or the name of a plugin's tool. */
  name: string
  /** Where each package type goes. */
  place: Readonly<Record<SetUpType, (setUp: SetUpPackage) => Placement>>
  /** How it finds each supported type. Unknown for a plugin's tool. */
  loads?: Readonly<Partial<Record<SetUpType, Discovery>>>
  /** What a definition lets it do without asking the user, by its frontmatter. */
  preapproves?: Readonly<Partial<Record<SetUpType, (frontmatter: Readonly<Record<string, unknown>>) => string[]>>>
  /** The directory of rules that the tool only reads if AGENTS.md lists them. */
  indexesRules?: string
}
