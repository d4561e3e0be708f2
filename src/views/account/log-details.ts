import {counted} from '../counted.js'

type Detail = Readonly<Record<string, unknown>>

/** Writes a detail in words, by its name. Undefined leaves it out, because another column has it. */
const words: Readonly<Record<string, (value: unknown, detail: Detail) => string | undefined>> = {
  label: () => undefined,
  owner: () => undefined,
  scopes: (value) => `scopes ${text(value)}`,
  patterns: (value) => (text(value) === '' ? 'all packages' : `packages ${text(value)}`),
  addresses: (value) => `only from ${text(value)}`,
  uses: (value) => counted(Number(value), 'use'),
  release: (value) => `only version ${isObject(value) ? text(value['version']) : text(value)}`,
  organization: (value) => `organization ${text(value)}`,
  lifetime: (value) => (value === 'never' ? 'never expires' : `lifetime ${text(value)}`),
  grace: (value) => (value === 0 ? 'old value ended' : `old value works for ${period(Number(value))}`),
  generation: (value) => `value ${text(value)}`,
  repeated: (value) => (value === true ? 'request repeated' : undefined),
  by: (value) => (text(value) === 'owner' ? undefined : `suspension by ${text(value)}`),
  left: (value) => `still suspended by ${text(value)}`,
  reason: (value) => (value === 'leak-report' ? 'value reported as leaked' : `reason: ${text(value)}`),
  count: (value) => counted(Number(value), 'attempt'),
  days: () => undefined,
  expiresAt: (value) => `expires at ${text(value)}`,
  sha256: () => undefined,
  signer: (value) => `signed with ${text(value)}`,
  tags: (value) => (text(value) === '' ? undefined : `dist-tags ${text(value)}`),
  tag: (value) => `dist-tag ${text(value)}`,
  yanked: (value) => (value === true ? 'yanked' : 'yank undone'),
  message: (value) => (value === null ? 'deprecation removed' : `message: ${text(value)}`),
  note: (value) => (value === null ? undefined : `note: ${text(value)}`),
}

/** The details of a log entry in words, such as `scopes read, publish; never expires`. Empty if there are none. */
export function logDetails(detail: Detail): string {
  return Object.entries(detail)
    .flatMap(
      ([name, value]) => (Object.hasOwn(words, name) ? words[name]?.(value, detail) : otherDetail(name, value)) ?? [],
    )
    .join('; ')
}

/** A detail that this version doesn't know. */
function otherDetail(name: string, value: unknown): string {
  const spaced = name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  return `${spaced} ${text(value)}`
}

function text(value: unknown): string {
  if (Array.isArray(value)) return value.map(text).join(', ')
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function isObject(value: unknown): value is Detail {
  return typeof value === 'object' && value !== null
}

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const

/** A duration in its largest whole unit, such as `24 hours`. Days are used for more than one. */
function period(milliseconds: number): string {
  const fitting = units.find(([, size]) => milliseconds % size === 0 && milliseconds > size)
  const [name, size] = fitting ?? ['second', 1000]
  return counted(milliseconds / size, name)
}
