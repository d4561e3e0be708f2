import {hasCode, type Ports, type RegistryClient} from '@apkg/command-kit'
import {labelProblem} from '@apkg/wire'

import {listTokens} from './list-tokens.js'

/** The default label of a token: `user@host-YYYYMMDD`, then `-2`, `-3`… if that exists. */
export async function proposeLabel(
  client: RegistryClient,
  organization: string | null,
  {host, now}: Pick<Ports, 'host' | 'now'>,
): Promise<string> {
  const base = `${plain(host.user)}@${plain(host.name)}-${day(now())}`
  const taken = new Set(await labelsInUse(client, organization, now()))
  return firstFree(base, (label) => !taken.has(label))
}

/** The next label: `x-20270131` → `x-20270131-2` → `x-20270131-3`. Eight digits are a date, not a counter. */
export function nextLabel(label: string): string {
  const numbered = /^(.*-\d{8})-(\d{1,7})$/.exec(label)
  return numbered ? `${numbered[1] ?? ''}-${Number(numbered[2]) + 1}` : `${label}-2`
}

function firstFree(base: string, isFree: (label: string) => boolean): string {
  let label = base
  while (!isFree(label)) label = nextLabel(label)
  return label
}

/** Empty if the credential can't list tokens. The registry then refuses a label that exists. */
async function labelsInUse(client: RegistryClient, organization: string | null, now: Date): Promise<string[]> {
  try {
    return (await listTokens(client, {now, organization})).map(({label}) => label)
  } catch (error) {
    if (hasCode(error, 'REFUSED') || hasCode(error, 'NOT_OFFERED')) return []
    throw error
  }
}

/** A user or host name without the characters that labels don't allow. */
function plain(name: string): string {
  const kept = name.replace(/[^\p{L}\p{N}._-]/gu, '-').slice(0, 40)
  return labelProblem(kept) === undefined ? kept : 'unknown'
}

function day(date: Date): string {
  const two = (part: number) => String(part).padStart(2, '0')
  return `${date.getFullYear()}${two(date.getMonth() + 1)}${two(date.getDate())}`
}
