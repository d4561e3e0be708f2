/** The kinds of value that apkg completes by itself, for commands of plugins too. */
export type KnownCompletionKind =
  | 'config-key'
  | 'config-value'
  | 'dependency'
  | 'dist-tag'
  | 'linked-package'
  | 'local-key'
  | 'locked-package'
  | 'package'
  | 'package-version'
  | 'pinned-scope'
  | 'plugin'
  | 'policy-value'
  | 'registered-key'
  | 'registry'
  | 'scope'
  | 'token'
  | 'tool'

/**
 * What the values of a command's arguments and flags are, by their names: a kind that apkg knows, or one of the plugin's
 * own, for which its hook `apkg:complete` is asked. Declared as `static completion`; it is kept in the manifest, so that
 * no command is loaded when Tab is pressed.
 */
export type CompletionKinds = Readonly<Record<string, KnownCompletionKind | (string & {})>>

/** A value that would fit where one is typed. */
export interface CompletionValue {
  readonly value: string
  /** What it means, in a few words; shells show it beside the value. */
  readonly description?: string | undefined
}

/** What a plugin is asked when Tab is pressed behind one of its commands. Plain data. */
export interface CompletionQuery {
  /** As `static completion` of the command names it. */
  readonly kind: string
  /** The beginning of the value, perhaps empty. Values that start otherwise are left out. */
  readonly typed: string
  /** The command's id, `vault:read`. */
  readonly command: string
  /** The arguments before the one that is completed. */
  readonly args: readonly string[]
  /** The flags that were given before, by name; `true` for one without a value. */
  readonly flags: Readonly<Record<string, string | true>>
  /** The folder in which Tab was pressed. */
  readonly cwd: string
}

/**
 * The default export of a plugin's hook `apkg:complete`.
 *
 * It runs in a thread of its own that is ended when its time is over: 150 ms after the start of the process, or a few
 * seconds where the answer is for the next Tab. What it throws and prints is not shown.
 */
export type CompletionHook = (
  query: CompletionQuery,
) => Promise<readonly CompletionValue[]> | readonly CompletionValue[]
