/** What an agent can do. Each tool has its own words for groups of capabilities. */
export type Capability =
  | 'read'
  | 'search'
  | 'find'
  | 'list'
  | 'edit'
  | 'write'
  | 'notebook'
  | 'delete'
  | 'shell'
  | 'fetch'
  | 'web-search'
  | 'subagent'
  | 'todo'
  | 'skill'
  | 'ask'

export const capabilities: readonly Capability[] = [
  ...(['read', 'search', 'find', 'list', 'edit', 'write', 'notebook', 'delete', 'shell'] as const),
  ...(['fetch', 'web-search', 'subagent', 'todo', 'skill', 'ask'] as const),
]

/** Capabilities that change files, or can. */
export const writing: readonly Capability[] = ['edit', 'write', 'notebook', 'delete']

/**
 * The words that authors use in lists of tools. Capitalized words are Claude Code's, each for one of its tools. Words in
 * lower case are those of Copilot, OpenCode, Kiro, Devin, Cline and Antigravity.
 */
const words: Readonly<Record<string, readonly Capability[]>> = {
  Read: ['read'],
  NotebookRead: ['read'],
  Grep: ['search'],
  Glob: ['find'],
  LS: ['list'],
  Edit: ['edit'],
  MultiEdit: ['edit'],
  Write: ['write'],
  NotebookEdit: ['notebook'],
  Bash: ['shell'],
  BashOutput: [],
  KillBash: [],
  KillShell: [],
  TaskOutput: [],
  TaskStop: [],
  ExitPlanMode: [],
  WebFetch: ['fetch'],
  WebSearch: ['web-search'],
  Task: ['subagent'],
  Agent: ['subagent'],
  TodoWrite: ['todo'],
  TodoRead: ['todo'],
  Skill: ['skill'],
  AskUserQuestion: ['ask'],

  read: ['read'],
  read_file: ['read'],
  read_files: ['read'],
  readFile: ['read'],
  view: ['read'],
  view_file: ['read'],
  fs_read: ['read'],
  search: ['search', 'find'],
  grep: ['search'],
  grep_search: ['search'],
  codebase: ['search'],
  search_codebase: ['search'],
  search_files: ['search'],
  glob: ['find'],
  list: ['list'],
  list_dir: ['list'],
  find_by_name: ['find'],
  edit: ['edit', 'write', 'notebook'],
  editor: ['edit', 'write', 'read'],
  replace_file_content: ['edit'],
  write: ['write', 'edit', 'notebook'],
  fs_write: ['write', 'edit'],
  write_to_file: ['write'],
  shell: ['shell'],
  bash: ['shell'],
  execute: ['shell'],
  exec: ['shell'],
  terminal: ['shell'],
  run_command: ['shell'],
  run_commands: ['shell'],
  execute_bash: ['shell'],
  execute_command: ['shell'],
  web: ['fetch', 'web-search'],
  fetch: ['fetch'],
  webfetch: ['fetch'],
  web_fetch: ['fetch'],
  read_url_content: ['fetch'],
  websearch: ['web-search'],
  web_search: ['web-search'],
  search_web: ['web-search'],
  agent: ['subagent'],
  task: ['subagent'],
  subagent: ['subagent'],
  todo: ['todo'],
  todowrite: ['todo'],
  todoread: ['todo'],
  skill: ['skill'],
  ask_question: ['ask'],
}

/** The capabilities of a word in a list of tools; undefined if the word is unknown, such as the tool of an MCP server. */
export function capabilitiesOf(word: string): readonly Capability[] | undefined {
  return Object.hasOwn(words, word) ? words[word] : undefined
}

/**
 * Adds implied capabilities, which decide whether a word that bundles several may be used. Reading or searching files
 * implies finding them, and finding files implies listing them. Overwriting files implies editing them. Overwriting files
 * and running commands together imply deleting files.
 */
export function withImplied(allowed: ReadonlySet<Capability>): Set<Capability> {
  const all = new Set(allowed)
  const add = (...more: Capability[]) => more.forEach((each) => all.add(each))
  if (all.has('read') || all.has('search')) add('read', 'search', 'find')
  if (all.has('find')) add('list')
  if (all.has('write')) add('edit', 'notebook')
  if (all.has('write') && all.has('shell')) add('delete')
  return all
}
