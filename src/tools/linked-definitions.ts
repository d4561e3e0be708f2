import path from 'node:path'

import {
  isUnsupported,
  type ConvertedFile,
  type Conversion,
  type DefinitionFormat,
  type SetUpType,
  type ToolFormat,
} from '@apkg/package-format/conversion'

import type {RealPath} from './linked-folders.js'

/** What happens to a package in a tool. */
interface Converted {
  tool: ToolFormat
  conversion: Conversion
}

/**
 * What happens to agents, commands or rules where a link makes the directories of two tools one: each tool reads the other
 * one's files. A definition with a limit is refused for both, because each tool has its own fields for it. Without a
 * limit, both read the file of the first tool.
 *
 * @param readers all tools that read the project, also those for which the package isn't made.
 */
export function withoutLinkedLimits(
  converted: readonly Converted[],
  {type, readers, realPath}: {type: SetUpType; readers: readonly ToolFormat[]; realPath: RealPath},
): Conversion[] {
  const isRead = (file: ConvertedFile, by: ToolFormat) => readsThroughLink(by, type, {file, realPath})
  const isSame = (a: ConvertedFile, b: ConvertedFile) => realPath(a.path) === realPath(b.path)
  return converted.map(({tool, conversion}, position): Conversion => {
    const refused = [...conversion.refused]
    const files = conversion.files.flatMap((file): ConvertedFile[] => {
      const other = readers.find((each) => each.name !== tool.name && isRead(file, each))
      if (other && (file.limits ?? []).length > 0) {
        const reason = `${other.title} reads the same directory through a link, and has other fields for its limits`
        refused.push({definition: file.definition ?? file.path, reason})
        return []
      }
      const isFirst = (each: ConvertedFile) => isRead(each, tool) && isSame(each, file)
      const [first] = converted.slice(0, position).flatMap((each) => each.conversion.files.filter(isFirst))
      return [first ? {...file, content: first.content, grants: []} : file]
    })
    const isWritten = (definition: string) => !refused.some((each) => each.definition === definition)
    return {files, refused, adjustments: conversion.adjustments.filter((each) => isWritten(each.definition))}
  })
}

/** Whether a tool finds the file of another one where it looks for its own, because a link leads there. */
function readsThroughLink(
  tool: ToolFormat,
  type: SetUpType,
  {file, realPath}: {file: ConvertedFile; realPath: RealPath},
): boolean {
  const format = formatOf(tool, type)
  if (!format || file.path.startsWith(`${format.folder}/`)) return false
  const folder = path.posix.dirname(realPath(`${format.folder}/any`))
  const real = realPath(file.path)
  return real.startsWith(`${folder}/`) && real.endsWith(format.extension)
}

function formatOf(tool: ToolFormat, type: SetUpType): DefinitionFormat | undefined {
  const format = {skill: undefined, agent: tool.agents, command: tool.commands, rule: tool.rules}[type]
  return format === undefined || format === 'skills' || isUnsupported(format) ? undefined : format
}
