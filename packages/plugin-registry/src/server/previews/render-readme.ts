import type {Element, Nodes, Root} from 'hast'
import type {Nodes as MarkdownNodes} from 'mdast'
import {raw} from 'hast-util-raw'
import {defaultSchema, sanitize, type Schema} from 'hast-util-sanitize'
import {toHtml} from 'hast-util-to-html'
import {fromMarkdown} from 'mdast-util-from-markdown'
import {gfmFromMarkdown} from 'mdast-util-gfm'
import {toHast} from 'mdast-util-to-hast'
import {gfm} from 'micromark-extension-gfm'

import {fileMark, imageMark, type SafeHtml} from './preview.js'

/** Attributes of GitHub's allowlist that look like parts of the page, or change how its keys work. */
const unwanted = new Set<unknown>(['className', 'name', 'accessKey', 'tabIndex'])

/** GitHub's allowlist, without what loads something or looks like a part of the page. */
const schema: Schema = {
  ...defaultSchema,
  clobberPrefix: 'readme-',
  tagNames: (defaultSchema.tagNames ?? []).filter((name) => name !== 'picture' && name !== 'source'),
  attributes: {
    ...defaultSchema.attributes,
    '*': (defaultSchema.attributes?.['*'] ?? []).filter((name) => !unwanted.has(name)),
    code: [['className', /^language-[\w+#-]{1,32}$/]],
    blockquote: [['className', 'alert', /^alert-(?:note|tip|important|warning|caution)$/]],
    img: ['src', 'alt', 'title', 'width', 'height'],
  },
  protocols: {href: ['http', 'https', 'mailto'], src: ['http', 'https']},
}

/** Deeper documents are shown as text, because parsers recurse. */
const maxDepth = 200

/** Larger HTML is shown as text. In bytes. */
const maxHtml = 512 * 1024

/** Links and images in the package. A page replaces each with an address that may be far longer. */
const maxOwnLinks = 1000

/** A line with so many markers of quotes and lists that parsing it would take seconds. */
const deeplyNested = /^(?:[ \t]{0,3}[>*+-]){100}/m

/**
 * Renders a readme: GitHub Flavored Markdown, with raw HTML through an allowlist that is applied last. Images on other
 * hosts become links, so that nothing remote is loaded.
 *
 * @param path of the readme, which relative links start from
 * @returns undefined if it is nested too deeply or becomes too large
 */
export function renderReadme(text: string, path: string): SafeHtml | undefined {
  if (deeplyNested.test(text)) return undefined
  try {
    const document = fromMarkdown(text, {extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()]})
    if (depthOf(document) > maxDepth || repeatedLength(document) > maxHtml) return undefined
    const tree = raw(toHast(document, {allowDangerousHtml: true}))
    if (depthOf(tree) > maxDepth) return undefined
    markAlerts(tree)
    const clean = sanitize(tree, schema) as Root
    adapt(clean, path, false)
    const html = toHtml(clean, {closeSelfClosing: false})
    const ownLinks = html.match(ownLink)?.length ?? 0
    return Buffer.byteLength(html) > maxHtml || ownLinks > maxOwnLinks ? undefined : (html as SafeHtml)
  } catch (error) {
    // The stack was exceeded.
    if (error instanceof RangeError) return undefined
    throw error
  }
}

const ownLink = new RegExp(`="(?:${fileMark}|${imageMark})`, 'g')

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

/** The characters of definitions that references repeat, each time. Few characters can repeat a long address. */
function repeatedLength(document: MarkdownNodes): number {
  const lengths = new Map<string, number>()
  const repeated: string[] = []
  let level: MarkdownNodes[] = [document]
  while (level.length > 0) {
    for (const node of level) {
      if (node.type === 'definition') lengths.set(node.identifier, node.url.length + (node.title?.length ?? 0))
      if (node.type === 'linkReference' || node.type === 'imageReference') repeated.push(node.identifier)
    }
    level = level.flatMap((node) => ('children' in node ? node.children : []))
  }
  return repeated.reduce((total, identifier) => total + (lengths.get(identifier) ?? 0), 0)
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

/**
 * Headings begin below the heading of the page, and links and images point to the version's own files.
 *
 * @param isInLink whether a link is around it. Links can't be nested.
 */
function adapt(parent: Root | Element, path: string, isInLink: boolean): void {
  for (const [position, child] of parent.children.entries()) {
    if (child.type !== 'element') continue
    adapt(child, path, isInLink || child.tagName === 'a')
    const level = /^h([1-6])$/.exec(child.tagName)?.[1]
    if (level !== undefined) child.tagName = `h${Math.min(Number(level) + 1, 6)}`
    if (child.tagName === 'a' && isInLink) parent.children[position] = {...child, tagName: 'span', properties: {}}
    else if (child.tagName === 'a') adaptLink(child, path)
    if (child.tagName === 'table') parent.children[position] = scrollable(child)
    if (child.tagName === 'img') parent.children[position] = adaptImage(child, path, isInLink)
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

/** An image of the package, or a link to one on another host. In a link, the latter is its text. */
function adaptImage(image: Element, path: string, isInLink: boolean): Element {
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
  if (isInLink || !URL.canParse(src)) return textSpan(text)
  const {host} = new URL(src)
  const rel = ['nofollow', 'ugc', 'noopener', 'noreferrer']
  const children = [{type: 'text' as const, value: `${text} (image on ${host})`}]
  return {type: 'element', tagName: 'a', properties: {href: src, rel}, children}
}

function isNumber(value: unknown): boolean {
  return /^\d{1,4}$/.test(String(value))
}

function textSpan(text: string): Element {
  return {type: 'element', tagName: 'span', properties: {}, children: [{type: 'text', value: text}]}
}

/** Whether an address names a scheme. Everything else must be a path in the package. */
function isAbsolute(address: string): boolean {
  return /^(?:https?:\/\/|mailto:)/i.test(address)
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
