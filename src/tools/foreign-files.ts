import {
  grantsIn,
  isUnsupported,
  sharedSkills,
  type ConvertedFile,
  type ToolFormat,
} from '@apkg/package-format/conversion'

import type {RealPath} from './linked-folders.js'

/** What happens because a tool also reads a file that was written for another one. */
export interface Exposure {
  /** The name of the tool that reads it too. */
  tool: string
  /** Path within the project. */
  path: string
  /** A clause, if the tool ignores limits of the file, or runs something in it: "although it ignores `tools`". */
  reason?: string
  /** What the tool does because of the file without asking. */
  grants: readonly string[]
}

/** The other tools that read a tool's file and ignore limits in it, or allow something because of it. */
export function exposures(
  {path: file, content, limits = []}: ConvertedFile,
  owner: ToolFormat,
  {tools, realPath}: {tools: readonly ToolFormat[]; realPath: RealPath},
): Exposure[] {
  const path = realPath(file)
  const isIn = (folder: string) => path.startsWith(realPath(`${folder}/any`).slice(0, -'any'.length))
  return tools.flatMap((tool): Exposure[] => {
    const {name, skills} = tool
    if (name === owner.name) return []
    const [folder = '', honored] = foreignFolders(tool).find(([each]) => isIn(each)) ?? []
    if (!honored || (isNestedSkill(file) && skills.isRecursive !== true)) return []
    const ignored = limits.filter((limit) => !honored.has(limit))
    const granted = mayGrant(folder, file) ? grantsIn(tool, textOf(content)) : []
    const reasons = [
      ...(ignored.length > 0 ? [`it ignores \`${ignored.join('`, `')}\``] : []),
      ...(isUnsupported(granted) ? [granted.unsupported] : []),
    ]
    const grants = isUnsupported(granted) ? [] : granted
    if (reasons.length + grants.length === 0) return []
    return [{tool: name, path, grants, ...(reasons.length > 0 && {reason: `although ${reasons.join(', and ')}`})}]
  })
}

/** Skills and commands allow something, and only in their main file. */
function mayGrant(folder: string, file: string): boolean {
  return /\/skills$/.test(folder) ? /\/skill\.md$/i.test(file) : /\/commands$/.test(folder)
}

function textOf(content: string | Uint8Array): string {
  return Buffer.from(content).toString('utf8')
}

function isNestedSkill(path: string): boolean {
  return /\/skills\/[^/]+\/.+\/skill\.md$/i.test(path)
}

/** The directories in which a tool finds what was written for another one, with the limits that it honors there. */
function foreignFolders(tool: ToolFormat): readonly [folder: string, honored: ReadonlySet<string>][] {
  const {skills, alsoReads} = tool
  const known = foreign.get(tool)
  if (known) return known
  const folders = {...alsoReads, ...(skills.isShared && {[sharedSkills]: skills.honorsShared ?? skills.honors})}
  const found = Object.entries(folders)
  foreign.set(tool, found)
  return found
}

const foreign = new WeakMap<ToolFormat, readonly [string, ReadonlySet<string>][]>()
