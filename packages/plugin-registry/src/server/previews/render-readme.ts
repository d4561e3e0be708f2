import type {Element, Nodes, Root} from 'hast'
import {raw} from 'hast-util-raw'
import {defaultSchema, sanitize, type Schema} from 'hast-util-sanitize'
import {toHtml} from 'hast-util-to-html'
import {fromMarkdown} from 'mdast-util-from-markdown'
import {gfmFromMarkdown} from 'mdast-util-gfm'
import {toHast} from 'mdast-util-to-hast'
import {gfm} from 'micromark-extension-gfm'

import {fileMark, imageMark, type SafeHtml} from './preview.js'

/** GitHub's allowlist, without what loads something or looks like a part of the page. */
const schema: Schema = {
  ...defaultSchema,
  clobberPrefix: 'readme-',
  tagNames: (defaultSchema.tagNames ?? []).filter((name) => name !== 'picture' && name !== 'source'),
  attributes: {
    ...defaultSchema.attributes,
    '*': (defaultSchema.attributes?.['*'] ?? []).filter((name) => name !== 'className' && name !== 'name'),
    code: [['className', /^language-[\w+#-]{1,32}$/]],
    blockquote: [['className', 'alert', /^alert-(?:note|tip|important|warning|caution)$/]],
    img: ['src', 'alt', 'title', 'width', 'height'],
  },
  protocols: {href: ['http', 'https', 'mailto'], src: ['http', 'https']},
}

/** Deeper documents are shown as text, because parsers recurse. */
const maxDepth = 200

/** A line with so many markers of quotes and lists that parsing it would take seconds. */
const deeplyNested = /^(?:[ \t]{0,3}[>*+-]){100}/m

/**
 * Renders a readme: GitHub Flavored Markdown, with raw HTML through an allowlist that is applied last. Images on other
 * hosts become links, so that nothing remote is loaded.
 *
 * @param path of the readme, which relative links start from
 * @returns undefined if it is nested too deeply
 */
export function renderReadme(text: string, path: string): SafeHtml | undefined {
  if (deeplyNested.test(text)) return undefined
  try {
    const document = fromMarkdown(text, {extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()]})
    if (depthOf(document) > maxDepth) return undefined
    const tree = raw(toHast(document, {allowDangerousHtml: true}))
    if (depthOf(tree) > maxDepth) return undefined
    markAlerts(tree)
    const clean = sanitize(tree, schema) as Root
    adapt(clean, path)
    return toHtml(clean, {closeSelfClosing: false}) as SafeHtml
  } catch (error) {
    // The stack was exceeded.
    if (error instanceof RangeError) return undefined
    throw error
  }
}

interface Tree {
  children?: readonly Tree[]
}

/** Without recursion. */
function depthOf(tree: object): number {
  let depth = 0
  let level: Tree[] = [tree]
  while (level.length > 0 && depth <= maxDepth) {
    level = level.flatMap(({children = []}) => children)
    depth++
  }
  return depth
}

/** `> [!NOTE]` becomes a block with a title. */
function markAlerts(node: Nodes): void {
  if (!('children' in node)) return
  for (const child of node.children) markAlerts(child)
  if (node.type !== 'element' || node.tagName !== 'blockquote') return
  const first = node.children.find((child): child is Element => child.type === 'element')
  const text = first?.children[0]
  if (first?.tagName !== 'p' || text?.type !== 'text') return
  const [mark, kind = ''] = /^\[!(NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]\s*/.exec(text.value) ?? []
  if (mark === undefined) return
  text.value = text.value.slice(mark.length)
  node.properties = {className: ['alert', `alert-${kind.toLowerCase()}`]}
  const title = `${kind.slice(0, 1)}${kind.slice(1).toLowerCase()}`
  const strong: Element = {type: 'element', tagName: 'strong', properties: {}, children: [{type: 'text', value: title}]}
  node.children.unshift({type: 'element', tagName: 'p', properties: {}, children: [strong]})
}

/** Headings begin below the heading of the page, and links and images point to the version's own files. */
function adapt(parent: Root | Element, path: string): void {
  for (const [position, child] of parent.children.entries()) {
    if (child.type !== 'element') continue
    adapt(child, path)
    const level = /^h([1-6])$/.exec(child.tagName)?.[1]
    if (level !== undefined) child.tagName = `h${Math.min(Number(level) + 1, 6)}`
    if (child.tagName === 'a') adaptLink(child, path)
    if (child.tagName === 'table') parent.children[position] = scrollable(child)
    if (child.tagName === 'img') parent.children[position] = adaptImage(child, path)
    if (child.tagName === 'input') child.properties = {...child.properties, ariaLabel: 'Task'}
  }
}

function scrollable(table: Element): Element {
  const properties = {className: ['scroll'], tabIndex: 0, role: 'region', ariaLabel: 'Table'}
  return {type: 'element', tagName: 'div', properties, children: [table]}
}

function adaptLink(link: Element, path: string): void {
  const {href} = link.properties
  if (typeof href !== 'string') return
  if (href.startsWith('#')) {
    link.properties['href'] = `#readme-${href.slice(1).replace(/^readme-/, '')}`
    return
  }
  if (isAbsolute(href)) {
    link.properties = {...link.properties, rel: ['nofollow', 'ugc', 'noopener', 'noreferrer']}
    return
  }
  const target = resolveIn(path, href)
  if (target === undefined) delete link.properties['href']
  else link.properties['href'] = `${fileMark}${encodeURIComponent(target)}`
}

/** An image of the package, or a link to one on another host. */
function adaptImage(image: Element, path: string): Element {
  const {src, alt, width, height} = image.properties
  const text = typeof alt === 'string' && alt !== '' ? alt : 'Image'
  if (typeof src !== 'string') return textSpan(text)
  if (!isAbsolute(src)) {
    const target = resolveIn(path, src)
    if (target === undefined) return textSpan(text)
    const size = {...(isNumber(width) && {width}), ...(isNumber(height) && {height})}
    const properties = {src: `${imageMark}${encodeURIComponent(target)}`, alt: text, loading: 'lazy', ...size}
    return {type: 'element', tagName: 'img', properties, children: []}
  }
  const host = URL.canParse(src) ? new URL(src).host : undefined
  if (host === undefined) return textSpan(text)
  const rel = ['nofollow', 'ugc', 'noopener', 'noreferrer']
  const children = [{type: 'text' as const, value: `${text} (image on ${host})`}]
  // Links can't be nested, so an image in a link is a text.
  return {type: 'element', tagName: 'a', properties: {href: src, rel}, children}
}

function isNumber(value: unknown): boolean {
  return /^\d{1,4}$/.test(String(value))
}

function textSpan(text: string): Element {
  return {type: 'element', tagName: 'span', properties: {}, children: [{type: 'text', value: text}]}
}

/** Whether a browser would leave the version's files: another scheme or host. */
function isAbsolute(address: string): boolean {
  return /^[a-z][a-z\d+.-]*:|^[/\\]{2}/i.test(address)
}

/** The path of a file in the package. Undefined outside of it. */
function resolveIn(path: string, address: string): string | undefined {
  const base = new URL(path.split('/').map(encodeURIComponent).join('/'), 'http://package.invalid/')
  if (!URL.canParse(address, base.href)) return undefined
  const {host, pathname} = new URL(address, base)
  if (host !== base.host) return undefined
  try {
    return decodeURIComponent(pathname.slice(1)).replace(/\/$/, '')
  } catch {
    return undefined
  }
}
