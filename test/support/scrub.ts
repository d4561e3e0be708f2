/** Replaces everything that differs between runs, so that tests can compare the complete output. */
export function scrub(text: string, registry = ''): string {
  const withoutRegistry = registry === '' ? text : text.replaceAll(registry, '<registry>')
  return withoutRegistry
    .replace(/\bAPKG_TOKEN__[A-Z0-9_]+/g, '<variable>')
    .replace(/\bapkg([tsr])_[0-9A-Za-z]{38}\b/g, '<value $1>')
    .replace(/\bapkg([tsr])_[0-9A-Za-z]{6}\b/g, '<prefix $1>')
    .replace(/\b[0-9][0-9a-hjkmnp-tv-z]{15}\b/g, '<id>')
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, '<time>')
    .replace(/\d{4}-\d\d-\d\d/g, '<date>')
}
