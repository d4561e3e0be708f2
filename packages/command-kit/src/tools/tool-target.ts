/** A parsed Markdown file. */
export interface Markdown {
  /** The YAML frontmatter. Undefined if there is none, or if it isn't a mapping. */
  frontmatter: Readonly<Record<string, unknown>> | undefined
  /** The text after the frontmatter. */
  body: string
}

/** The types of packages that tools can load. */
export type SetUpType = 'skill' | 'agent' | 'command' | 'rule'

/** A file of an installed package. */
export interface PackageFile {
  /** Relative to the package, with forward slashes. Never absolute, and never with `..`. */
  path: string
  content: Uint8Array
  isExecutable: boolean
}

/** An installed package. A package can't choose where its files go, or which other files are read. */
export interface SetUpPackage {
  /** The name under which the package was resolved, not the one in its manifest. */
  name: string
  version: string
  type: SetUpType
  /** From the manifest. Untrusted text; can be empty. */
  description: string
  /** A path segment that is unique to the package and the same on every machine. */
  flatName: string
  /** All files, sorted by path. */
  files: readonly PackageFile[]
  /**
   * The files that define something: each SKILL.md of a skill; for other types, the Markdown files in `agents/`,
   * `commands/` or `rules/`, and those with frontmatter at the top level. At least one.
   */
  definitions: readonly Definition[]
}

export interface Definition {
  /**
   * The name of the file without its extension, or of the directory of one of several skills. A path segment that is
   * safe on every platform.
   */
  stem: string
  file: PackageFile
  markdown: Markdown
}

/** A file to create for a tool. */
export interface PlacedFile {
  /** Relative to the project, with forward slashes. Build it only from literals, `flatName`, stems and the paths of files. */
  path: string
  content: string | Uint8Array
  isExecutable?: boolean
}

/** The files to create for a package, or a sentence that says why the tool can't use the package. */
export type Placement = {files: PlacedFile[]} | {unsupported: string}

/** A tool that packages can be set up for. Plugins add tools by returning a list from the hook `apkg:tools`. */
export interface ToolTarget {
  /** Lowercase letters, digits and hyphens. Must not be the name of a built-in tool. */
  readonly name: string
  /** The name that is shown to users. */
  readonly title: string
  /** The directory in a project, `.name`, that shows that the tool is used there. All files must be in it. */
  readonly folder: string
  /** Functions that place a package, by its type. Types that are missing are not supported. */
  readonly place: Readonly<Partial<Record<SetUpType, (setUp: SetUpPackage) => Placement>>>
}
