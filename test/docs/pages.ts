import {readdirSync, readFileSync} from 'node:fs'
import path from 'node:path'

import {inRepository} from '../support/repository.js'

export interface Page {
  /** Relative to the root of the repository, with forward slashes. */
  file: string
  text: string
}

/** Every Markdown page of the repository. */
export function readPages(): Page[] {
  const folders = ['docs', 'examples', 'bench', 'packages']
  const files = [...markdownIn('.', {recursive: false}), ...folders.flatMap((folder) => markdownIn(folder))]
  return files.map(readPage)
}

export function readPage(file: string): Page {
  return {file, text: readFileSync(inRepository(file), 'utf8')}
}

/** A page without its fenced blocks. */
export function proseOf({text}: Page): string {
  return text.replaceAll(/^ *```[^]*?^ *```$/gm, '')
}

function markdownIn(folder: string, {recursive} = {recursive: true}): string[] {
  return readdirSync(inRepository(folder), {recursive, encoding: 'utf8'})
    .filter((name) => name.endsWith('.md') && !/(^|[\\/])(node_modules|dist|fixtures)[\\/]/.test(name))
    .map((name) => path.posix.join(folder, name.split(path.sep).join('/')))
}
