import {randomBytes} from 'node:crypto'
import path from 'node:path'

/** Packages never contain files with this suffix, which a killed process may leave behind. */
export const temporarySuffix = '.apkg-tmp'

/** An unused path in the directory of a file, to write to before it gets the file's name. */
export function temporaryBeside(file: string): string {
  return path.join(path.dirname(file), `.${path.basename(file)}.${randomBytes(6).toString('hex')}${temporarySuffix}`)
}
