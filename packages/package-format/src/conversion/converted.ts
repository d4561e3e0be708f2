import type {Definition} from './definitions.js'
import type {PackageFile, SetUpType} from './package-files.js'

/** A package as it is converted. It can't choose where its files go, or which other files are read. */
export interface ConvertiblePackage {
  /** `@scope/name`, as resolved. */
  name: string
  version: string
  type: SetUpType
  /** From the manifest. Untrusted text; can be empty. */
  description: string
  /** A path segment that is unique to the package and the same on every machine; see `flatName`. */
  flatName: string
  /** All files that can be written, sorted by path. */
  files: readonly PackageFile[]
  /** At least one. */
  definitions: readonly Definition[]
}

/** A file to write for a tool. */
export interface ConvertedFile {
  /** Relative to the project, with forward slashes. */
  path: string
  content: string | Uint8Array
  isExecutable?: boolean
  /** Path of the definition in the package. */
  definition?: string
  /** What the tool does because of it without asking the user, in the tool's own syntax: `Bash(git:*)`. */
  grants?: readonly string[]
  /** The fields that limit it, as its author or the conversion wrote them. */
  limits?: readonly string[]
}

/** What a tool gets differs from what the author wrote. */
export interface Adjustment {
  /** Path of the definition in the package. */
  definition: string
  /** A clause about the tool's file: "without the tools Write, Bash". */
  reason: string
}

/** A definition that a tool must not get. */
export interface Refusal {
  /** Path in the package. */
  definition: string
  /** A sentence without a period. */
  reason: string
}

/** What a tool gets from a package. */
export interface Conversion {
  files: ConvertedFile[]
  adjustments: Adjustment[]
  refused: Refusal[]
}
