import type {Stats} from 'node:fs'

/** Whether a file is executable; never on Windows, which has no such bit. */
export function isExecutable({mode}: Pick<Stats, 'mode'>): boolean {
  return (mode & 0o100) !== 0
}
