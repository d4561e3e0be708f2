import {containsAddress} from '@apkg/wire'

/** How clients reach the server. */
export interface Reachability {
  publicUrl?: URL
  trustProxy: readonly string[]
  hasCertificate: boolean
}

/** Finds the addresses of clients that restrictions can rely on. */
export class VerifiedAddresses {
  /** False if there must be an untrusted proxy in between, because clients use https and the server does not. */
  readonly areVisible: boolean
  readonly #proxies: string[]

  constructor({publicUrl, trustProxy, hasCertificate}: Reachability) {
    this.areVisible = publicUrl?.protocol !== 'https:' || hasCertificate || trustProxy.length > 0
    this.#proxies = trustProxy.map((each) => each.replace(/%[^/]*/, ''))
  }

  /**
   * @param address see `clientAddress`.
   * @returns undefined if the address isn't reliable: it is hidden or unknown, or it belongs to a trusted proxy, which
   *   sent no client address or an unreadable one.
   */
  of(address: string): string | undefined {
    return this.areVisible && address !== 'unknown' && !containsAddress(this.#proxies, address) ? address : undefined
  }
}
