import assert from 'node:assert/strict'

import type {PageAnswer} from './web.js'
import type {World} from './world.js'

/** A browser without JavaScript: it keeps cookies, and sends the forms of pages. */
export class Browser {
  readonly cookies = new Map<string, string>()

  constructor(
    readonly world: World,
    readonly agent = 'a browser',
  ) {}

  get(url: string, headers: Record<string, string> = {}): Promise<PageAnswer> {
    return this.#send('GET', url, undefined, headers)
  }

  /** Sends a form as it is, without the token of a page. */
  post(url: string, form: Record<string, string>, headers: Record<string, string> = sameOrigin): Promise<PageAnswer> {
    return this.#send('POST', url, new URLSearchParams(form).toString(), headers)
  }

  /** Opens a page, fills in its form, and sends it. @param index of several forms for the same address */
  async submit(page: string | PageAnswer, fields: Record<string, string>, index = 0): Promise<PageAnswer> {
    const {html} = typeof page === 'string' ? await this.get(page) : page
    const forms = [...html.matchAll(/<form[^>]* method="post"[^>]*action="([^"]*)"[^>]*>(.*?)<\/form>/gs)]
    const found = forms[index]
    assert.ok(found, `no form in ${html}`)
    const hidden = [...(found[2] ?? '').matchAll(/<input[^>]*type="hidden"[^>]*>/g)].map(([input]) => [
      attribute(input, 'name'),
      attribute(input, 'value'),
    ])
    return this.post(found[1] ?? '', {...Object.fromEntries(hidden), ...fields})
  }

  async #send(
    method: 'GET' | 'POST',
    url: string,
    payload: string | undefined,
    headers: Record<string, string>,
  ): Promise<PageAnswer> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await this.world.app.inject({
      ...{method, url},
      headers: {
        'user-agent': this.agent,
        accept: 'text/html',
        ...(cookie !== '' && {cookie}),
        ...(payload !== undefined && {'content-type': 'application/x-www-form-urlencoded'}),
        ...headers,
      },
      ...(payload !== undefined && {payload}),
    })
    for (const {name, value} of response.cookies) {
      if (value === '') this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
    return {status: response.statusCode, headers: response.headers as PageAnswer['headers'], html: response.body}
  }
}

export const sameOrigin = {'sec-fetch-site': 'same-origin'}

function attribute(tag: string, name: string): string {
  const text = new RegExp(`${name}="([^"]*)"`).exec(tag)?.[1] ?? ''
  return text.replaceAll('&amp;', '&').replaceAll('&quot;', '"')
}
