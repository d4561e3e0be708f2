import type {Answer} from './send-request.js'

/** What a client knows about a change: it was made, it was not, or either. */
export type Known = 'made' | 'refused' | 'unknown'

export interface KnownToken {
  user: string
  label: string
  creation: Known
  /** Undefined if no response had them. */
  id?: string
  /** The newest value that worked. */
  value?: string
  revocation?: Known
}

export interface KnownVersion {
  user: string
  name: string
  version: string
  sha256: string
  publication: Known
}

/** What the registries told their clients. */
export class Ledger {
  readonly tokens: KnownToken[] = []
  readonly versions: KnownVersion[] = []
  /** Responses that no fault explains. */
  readonly unexpected: string[] = []
  /** How often each status and code was seen. */
  readonly counts = new Map<string, number>()

  /** @param expected codes with which this request can be refused, besides `BUSY` */
  judge(change: string, answer: Answer | undefined, expected: readonly string[] = []): Known {
    const code = answer?.body?.error?.code as string | undefined
    const seen = `${change} ${answer?.status ?? 'lost'}${code === undefined ? '' : ` ${code}`}`
    this.counts.set(seen, (this.counts.get(seen) ?? 0) + 1)
    if (answer && answer.status < 300) return 'made'
    // A response without a code is from the proxy.
    if (!answer || code === undefined || code === 'OUTCOME_UNKNOWN') return 'unknown'
    if (code !== 'BUSY' && !expected.includes(code)) this.unexpected.push(`${seen}: ${JSON.stringify(answer.body)}`)
    // The first registry may have made the change.
    return answer.isRepeated || code !== 'BUSY' ? 'unknown' : 'refused'
  }
}
