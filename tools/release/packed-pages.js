import {existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync} from 'node:fs'
import {dirname, join, posix} from 'node:path'

import {fail, filesBelow, root} from '../workspace.js'
import {copy, readManifest} from './stage.js'

/** Pages for users, their images, and schemas. Links to pages for contributors lead to the web instead. */
const packed = /^(README|CHANGELOG|SECURITY)\.md$|^schemas\/|^docs\/(?!adr\/|(architecture|testing|tool-formats)\.md$)/

/** A link to a file, not to another site or to a section of the same page. */
const fileLink = /\]\((?![a-z]+:|#)([^)\s#]+)(#[^)\s]*)?\)/g

/** The URL of this repository on the web. */
export const site = readManifest('').repository.url.replace(/^git\+|\.git$/g, '')

/** Copies the pages and schemas for users into a stage, with links that work in an installed package and on its npm page. */
export function layOutPages(stage) {
  const below = ['docs', 'schemas'].flatMap((folder) => filesBelow(join(root, folder)).map((path) => `${folder}/${path}`))
  const files = [...readdirSync(root), ...below]
  for (const file of files.filter((path) => packed.test(path))) {
    if (!file.endsWith('.md')) {
      copy('', file, join(stage, file))
      continue
    }
    mkdirSync(dirname(join(stage, file)), {recursive: true})
    writeFileSync(join(stage, file), packedPage(file, readFileSync(join(root, file), 'utf8')))
  }
}

/** Returns the text of a page, with links to the web for files that aren't packed. */
export function packedPage(file, text) {
  return text.replaceAll(fileLink, (link, path, section = '') => {
    const target = posix.join(posix.dirname(file), path)
    if (!existsSync(join(root, target))) fail(`${file} links to ${path}, which does not exist.`)
    if (packed.test(target)) return link
    const kind = statSync(join(root, target)).isDirectory() ? 'tree' : 'blob'
    return `](${site}/${kind}/main/${target}${section})`
  })
}
