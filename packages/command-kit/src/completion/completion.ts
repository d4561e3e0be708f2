/** The kinds of values that apkg completes itself, in commands of plugins too. */
export type KnownCompletionKind =
  | 'active-token'
  | 'config-key'
  | 'config-value'
  | 'dependency'
  | 'dist-tag'
  | 'linked-package'
  | 'local-key'
  | 'locked-package'
  | 'managed-organization'
  | 'package'
  | 'package-version'
  | 'pinned-scope'
  | 'plugin'
  | 'policy-value'
  | 'registered-key'
  | 'registry'
  | 'scope'
  | 'session'
  | 'suspended-token'
  | 'token'
  | 'token-scope'
  | 'tool'
  | 'trusted-publisher'

/**
 * The kinds of the values of arguments and flags, by name: a kind that apkg knows, or the plugin's own, which its hook
 * `apkg:complete` completes. Declare it as `static completion`. It is stored in the manifest, so that pressing Tab doesn't
 * load the command.
 */
export type CompletionKinds = Readonly<Record<string, KnownCompletionKind | (string & {})>>

/** A value to suggest. */
export interface CompletionValue {
  readonly value: string
  /** A few words that shells show next to the value. */
  readonly description?: string | undefined
}

/** What the hook `apkg:complete` gets when Tab is pressed in one of the plugin's commands. Plain data. */
export interface CompletionQuery {
  /** The kind in the command's `static completion`. */
  readonly kind: string
  /** The start of the value; can be empty. Values that start differently are ignored. */
  readonly typed: string
  /** The ID of the command: `vault:read`. */
  readonly command: string
  /** The preceding arguments. */
  readonly args: readonly string[]
  /** The preceding flags, by name; `true` for a flag without a value. */
  readonly flags: Readonly<Record<string, string | true>>
  /** The current directory of the shell. */
  readonly cwd: string
}

/**
 * The default export of a plugin's hook `apkg:complete`.
 *
 * It runs in its own thread, which is terminated after a timeout: 150 ms after the start of the process, or a few seconds
 * if the values are for the next Tab. Its errors and output are not shown.
 */
export type CompletionHook = (
  query: CompletionQuery,
) => Promise<readonly CompletionValue[]> | readonly CompletionValue[]
