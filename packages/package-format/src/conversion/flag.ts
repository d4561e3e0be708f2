/**
 * Reads a yes-or-no field of frontmatter. Claude Code also accepts `yes`, `no`, `on`, `off`, `1` and `0`.
 *
 * @returns undefined for anything else.
 * @see https://code.claude.com/docs/en/skills, 2026-08-22
 */
export function flagOf(value: unknown): boolean | undefined {
  const word = String(value).trim().toLowerCase()
  if (['true', 'yes', 'on', '1'].includes(word)) return true
  return ['false', 'no', 'off', '0'].includes(word) ? false : undefined
}
