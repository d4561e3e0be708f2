import path from 'node:path'
import {pathToFileURL} from 'node:url'

import {installOnce} from './install-once.js'

interface SyntaxNode {
  isError: boolean
  isMissing: boolean
  startPosition: {row: number}
  text: string
  children: SyntaxNode[]
}

interface WebTreeSitter {
  Parser: {
    new (): {setLanguage(language: object): void; parse(text: string): {rootNode: SyntaxNode}}
    init(): Promise<void>
  }
  Language: {load(file: string): Promise<object>}
}

const packages = {'tree-sitter-powershell': '0.26.4', 'web-tree-sitter': '0.27.2'}

/**
 * Returns a function that lists the syntax errors of PowerShell scripts, by the grammar that editors use.
 *
 * @throws {Error} if npm can't install the grammar
 */
export async function powershellGrammar(): Promise<(script: string) => string[]> {
  const modules = path.join(await installOnce('powershell-grammar', packages), 'node_modules')
  const entry = pathToFileURL(path.join(modules, 'web-tree-sitter/web-tree-sitter.js'))
  const {Parser, Language} = (await import(entry.href)) as WebTreeSitter
  await Parser.init()
  const parser = new Parser()
  parser.setLanguage(await Language.load(path.join(modules, 'tree-sitter-powershell/tree-sitter-powershell.wasm')))
  return (script) => errorsIn(parser.parse(script).rootNode)
}

function errorsIn({isError, isMissing, startPosition, text, children}: SyntaxNode): string[] {
  const own = isError || isMissing ? [`line ${startPosition.row + 1}: ${text.slice(0, 80)}`] : []
  return [...own, ...children.flatMap(errorsIn)]
}
