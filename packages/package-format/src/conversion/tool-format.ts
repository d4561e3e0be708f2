import type {ConvertiblePackage} from './converted.js'
import type {FoundLimit, SkillLimit} from './definition-limits.js'
import type {Definition} from './definitions.js'
import type {PackageFile} from './package-files.js'

/**
 * What a tool reads from a project, and how it's written. Built from the tool's documentation; each one names the pages
 * and the day on which they were read. docs/tool-formats.md has the details.
 */
export interface ToolFormat {
  /** In flags, settings and manifests. */
  name: string
  /** The display name. */
  title: string
  skills: SkillFormat
  agents: DefinitionFormat | Unsupported
  /** `'skills'`: the tool lacks commands, but its users can start a skill by its name. */
  commands: DefinitionFormat | Unsupported | 'skills'
  rules: DefinitionFormat | Unsupported
  /** The directories of other tools that it reads too, with the fields it honors there. */
  alsoReads?: Readonly<Record<string, ReadonlySet<string>>>
}

/** Why a tool can't load a type. A sentence without a period. */
export interface Unsupported {
  unsupported: string
}

export function isUnsupported(value: unknown): value is Unsupported {
  return typeof value === 'object' && value !== null && 'unsupported' in value
}

/** The directory for skills that several tools read: one copy for all. It belongs to none of them. */
export const sharedSkills = '.agents/skills'

/** How a tool reads skills, one directory each. */
export interface SkillFormat {
  /** Its own directory; undefined if it only reads the shared one. */
  folder: string | undefined
  /** Whether it reads `.agents/skills`. */
  isShared: boolean
  /** Whether it also loads each SKILL.md further down in a skill's directory, as a separate skill. */
  isRecursive?: boolean
  /** The fields that limit a skill and that the tool honors in its own directory. */
  honors: ReadonlySet<SkillLimit>
  /** As `honors`, in the shared directory. */
  honorsShared?: ReadonlySet<SkillLimit>
  /** The maximum length of a description, in characters. */
  maxDescription?: number
  /** The characters of a description that the tool shows, if it shortens the rest itself. */
  shownDescription?: number
  /** Fields to add in its own directory, so that the tool honors a limit. */
  limitFields?: (limits: ReadonlySet<SkillLimit>) => Record<string, unknown>
  /** Whether a limit is written to `agents/openai.yaml` next to SKILL.md. */
  hasOpenAiPolicy?: boolean
  /** What a skill lets the tool do without asking, or why the tool must not get it. */
  grants?: (skill: SkillContent) => string[] | Unsupported
}

/** What a skill or a command contains. */
export interface SkillContent {
  frontmatter: Readonly<Record<string, unknown>>
  body: string
  /** The limits that its author set, in SKILL.md and in `agents/openai.yaml`. */
  limits: readonly FoundLimit<SkillLimit>[]
  /** Paths of all files, relative to the skill's directory. */
  paths: readonly string[]
  /** Each `agents/openai.yaml`, also those of the skills below its directory. */
  openAiFiles: readonly PackageFile[]
  /** The skills below its directory, by their paths; undefined for one that can't be read. */
  nested?: ReadonlyMap<string, SkillContent | undefined>
}

/** How a definition becomes a file. */
export interface DefinitionFormat {
  /** Where the tool looks. */
  folder: string
  /** What follows the name, such as `.md`. */
  extension: string
  /** Fields that the tool requires. */
  required?: readonly string[]
  /** Whether tools read it because AGENTS.md lists it. */
  isListed?: boolean
  /**
   * If AGENTS.md lists its rules: the files of instructions of which the tool only reads the first that exists in the
   * project's directory. A trailing slash marks a directory.
   */
  instructions?: readonly string[]
  format: (definition: NamedDefinition) => Formatted
}

/** A definition under the name and description that a tool shows. */
export interface NamedDefinition extends Definition {
  /** The name of the file, without its extension. */
  name: string
  /** One line, never empty. */
  description: string
  package: ConvertiblePackage
}

/** A file's text, or why the tool must not get it. */
export type Formatted =
  | Unsupported
  | {
      text: string
      /** What differs from what the author wrote; see `Adjustment`. */
      adjustments?: readonly string[]
      grants?: readonly string[]
      /** The fields that limit it, as its author or the conversion wrote them. */
      limits?: readonly string[]
      /** Where it goes instead of `folder`. */
      path?: string
    }
