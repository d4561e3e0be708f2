import {readFile} from 'node:fs/promises'

import {inRepository} from './repository.js'

const page = await readFile(inRepository('docs/ci.md'), 'utf8')

/** The shell blocks in a section of docs/ci.md, up to the next one of the second level, or those that also show output (`console`). */
export function shellBlocks(title: string, language: 'sh' | 'console' = 'sh'): string[] {
  const [, section = ''] = new RegExp(`^###? ${title}\n([^]*?)(?=^## |(?![^]))`, 'm').exec(page) ?? []
  const blocks = section.matchAll(/^```(sh|console)\n(.*?)^```$/gms)
  return [...blocks].flatMap(([, each, text = '']) => (each === language ? [text] : []))
}
