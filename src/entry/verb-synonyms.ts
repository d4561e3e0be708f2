/** Verbs that mean the same in npm, gh, cargo and our own commands. */
const synonyms: readonly (readonly string[])[] = [
  ['list', 'ls'],
  ['create', 'new', 'add', 'generate', 'gen', 'make', 'mint', 'issue', 'register'],
  ['revoke', 'remove', 'rm', 'delete', 'del', 'destroy', 'unset'],
  ['show', 'view', 'info', 'get', 'inspect', 'describe', 'status'],
  ['rotate', 'renew', 'refresh', 'regenerate', 'roll', 'update', 'reset'],
  ['suspend', 'disable', 'pause', 'lock', 'block'],
  ['resume', 'enable', 'unsuspend', 'unpause', 'unlock', 'unblock', 'restore'],
  ['log', 'logs', 'audit', 'history', 'events'],
  ['can', 'check', 'test', 'verify', 'permissions'],
]

/** Returns the verbs among the known ones that mean the same as a word. */
export function sameVerbs(word: string, known: readonly string[]): string[] {
  const group = synonyms.find((words) => words.includes(word)) ?? []
  return known.filter((each) => group.includes(each))
}
