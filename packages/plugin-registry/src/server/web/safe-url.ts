/** A URL from metadata, if it is http or https and has no credentials. */
export function safeUrl(text: string | undefined): string | undefined {
  const plain = text?.replace(/^git\+(?=https?:)/, '')
  if (plain === undefined || !URL.canParse(plain)) return undefined
  const {protocol, username, password, href} = new URL(plain)
  return (protocol === 'https:' || protocol === 'http:') && username === '' && password === '' ? href : undefined
}

/** The attributes of every link to an address that someone else chose. */
export const foreign = {rel: 'nofollow ugc noopener noreferrer'} as const
