/**
 * The value of `NO_COLOR` that apkg sets for libraries if stdout or stderr isn't a terminal, because some of them write
 * colors to both or neither. apkg's own output ignores it.
 */
export const noColorForLibraries = 'not-a-terminal'
