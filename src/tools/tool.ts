import type {SetUpPackage, ToolFormat} from '@apkg/package-format/conversion'
import type {Placement, SetUpType} from '@apkg/command-kit'

export type {SetUpType} from '@apkg/command-kit'
export type {SetUpPackage} from '@apkg/package-format/conversion'

/** A tool with its own format, or a plugin's tool with functions. */
export type Tool = ToolFormat | PluginTool

/** A tool that a plugin adds. How it finds its files is unknown. */
export interface PluginTool {
  name: string
  /** The display name. */
  title: string
  /** The directory whose presence in a project shows that the tool is used there. */
  marks: readonly string[]
  place: Readonly<Record<SetUpType, (setUp: SetUpPackage) => Placement>>
}

export function isPluginTool(tool: Tool): tool is PluginTool {
  return 'place' in tool
}
