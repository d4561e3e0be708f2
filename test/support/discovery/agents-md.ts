import {readFile, stat} from 'node:fs/promises'
import path from 'node:path'

import {discoverEach, entriesOf, stemOf, type Discovery} from './discovery.js'
import {parseFrontmatter} from './frontmatter.js'

/**
 * Finds the rules for a tool that reads one Markdown file instead of a directory of rules: each is a list item of that file
 * that links to an existing file. A link without its file, and a file without a link, are ignored.
 *
 * @param instructions the file that the tool reads; undefined if it reads none
 * @param maxLength in characters; what comes after it isn't read
 */
export async function findListedRules(
  project: string,
  instructions: string | undefined = 'AGENTS.md',
  maxLength = Infinity,
): Promise<Discovery> {
  const links = instructions === undefined ? new Map<string, string>() : await linksIn(project, instructions, maxLength)
  const rules = await discoverEach(await entriesOf(project, '.agents/rules'), async (file) => {
    const description = links.get(file)
    if (description === undefined) throw new Error(`${instructions} does not link to it`)
    const {text} = parseFrontmatter(await readFile(path.join(project, file), 'utf8'))
    return {kind: 'rule', name: stemOf(file), file, fields: {description}, text}
  })
  const dangling = [...links.keys()].filter((file) => !rules.found.some((rule) => rule.file === file))
  const ignored = dangling.map((file) => ({file, why: `${instructions} links to it, but it does not exist`}))
  return {found: rules.found, ignored: [...rules.ignored, ...ignored]}
}

/** Returns the first of these files that a project has. A trailing slash marks a directory. */
export async function firstOf(project: string, files: readonly string[]): Promise<string | undefined> {
  for (const file of files) {
    const found = await stat(path.join(project, file)).catch(() => undefined)
    if (file.endsWith('/') ? found?.isDirectory() : found?.isFile()) return file
  }
  return undefined
}

/** Returns the titles of links, with the files that the item is for, by their path. */
async function linksIn(project: string, instructions: string, maxLength: number): Promise<Map<string, string>> {
  const text = await readFile(path.join(project, instructions), 'utf8').catch(() => '')
  const links = text
    .slice(0, maxLength)
    .matchAll(/^- \[((?:[^\\[\]]|\\.)*)\]\(([^()\s]+)\)(, only for files that match .+)?\r?$/gm)
  return new Map(
    [...links].map(([, title = '', target = '', only = '']) => [
      decodeURI(target),
      `${title.replaceAll(/\\(.)/g, '$1')}${only}`,
    ]),
  )
}
