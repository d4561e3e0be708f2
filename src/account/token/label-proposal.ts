import {hasCode, type Ports, type RegistryClient} from '@apkg/command-kit'
import {labelProblem} from '@apkg/wire'

import {listTokens} from './list-tokens.js'

/** The label of a token that was not given one: `user@host-YYYYMMDD`, then `-2`, `-3`… where that is taken. */
export async function proposeLabel(client: RegistryClient, {host, now}: Pick<Ports, 'host' | 'now'>): Promise<string> {
  const base = `${plain(host.user)}@${plain(host.name)}-${day(now())}`
  const taken = new Set(await labelsInUse(client))
  return firstFree(base, (label) => !taken.has(label))
}

/** The next label after this one: `x-20270131` → `x-20270131-2` → `x-20270131-3`. Eight digits are a day, no count. */
export function nextLabel(label: string): string {
  const numbered = /^(.*-\d{8})-(\d{1,7})$/.exec(label)
  return numbered ? `${numbered[1] ?? ''}-${Number(numbered[2]) + 1}` : `${label}-2`
}

function firstFree(base: string, isFree: (label: string) => boolean): string {
  let label = base
  while (!isFree(label)) label = nextLabel(label)
  return label
}

/** A credential that may create but not list gets a proposal all the same; the registry will say if it is taken. */
async function labelsInUse(client: RegistryClient): Promise<string[]> {
  try {
    return (await listTokens(client)).map(({label}) => label)
  } catch (error) {
    if (hasCode(error, 'REFUSED')) return []
    throw error
  }
}

/** A user's or a machine's name without what a label cannot hold. */
function plain(name: string): string {
  const kept = name.replace(/[^\p{L}\p{N}._-]/gu, '-').slice(0, 40)
  return labelProblem(kept) === undefined ? kept : 'unknown'
}

function day(date: Date): string {
  const two = (part: number) => String(part).padStart(2, '0')
  return `${date.getFullYear()}${two(date.getMonth() + 1)}${two(date.getDate())}`
}
