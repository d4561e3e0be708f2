/** The markers that git and others write around the two sides of a conflict. */
export const conflictMarker = /^(?:<{7}|\|{7}|={7}|>{7})(?: |\r?$)/m

/** Why a text is not valid JSON, from the error of `JSON.parse`, with the line number if the engine reports a position. */
export function whyNotJson(text: string, error: SyntaxError): string {
  if (conflictMarker.test(text)) return 'it contains merge conflict markers'
  const reason = error.message.replace(/ in JSON at position (\d+).*/s, (_, position: string) => {
    const line = text.slice(0, Number(position)).split('\n').length
    return ` on line ${line}`
  })
  return `it is not valid JSON: ${reason}`
}
